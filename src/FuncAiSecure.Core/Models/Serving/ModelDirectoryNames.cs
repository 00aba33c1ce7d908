using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Which models there are by their folders: known before the first of them is loaded.</summary>
internal sealed class ModelDirectoryNames(IOptions<ModelOptions> options) : IModelNames
{
    private readonly Lazy<HashSet<string>> _names = new(() =>
        [.. ModelDirectory.Scan(Path.GetFullPath(options.Value.Directory, AppContext.BaseDirectory)).Select(found => found.Name)]);

    /// <inheritdoc />
    public bool Contains(string model) => _names.Value.Contains(model);
}
