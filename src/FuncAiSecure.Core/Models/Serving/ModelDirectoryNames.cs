using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Which models there are by their folders: known before the first of them is loaded.</summary>
internal sealed class ModelDirectoryNames(IOptions<ModelOptions> options) : IModelNames
{
    private readonly Lazy<HashSet<string>?> _names = new(() => Read(Path.GetFullPath(options.Value.Directory, AppContext.BaseDirectory)));

    /// <summary>Whether there is such a model, as far as anybody can tell: a share that is away at the start keeps no instance from waiting for it.</summary>
    public bool Contains(string model) => _names.Value?.Contains(model) != false;

    private static HashSet<string>? Read(string directory) => ModelDirectory.TryScan(directory) is { HasModels: true } scan
        ? [.. scan.Versions.Select(found => found.Name), .. scan.Unreadable]
        : null;
}
