using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Tests.Middleware;

/// <summary>The shipped spam classifier under a manifest with guards and an output policy of the test's own.</summary>
public sealed class GuardedModel : IDisposable
{
    private readonly OnnxModelRuntime _runtime = new(Options.Create(new InferenceOptions()), TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("funcai-guarded-").FullName;

    public void Dispose()
    {
        _runtime.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Loads it with these members in place of the manifest's own.</summary>
    internal async Task<OnnxModel> LoadAsync(params (string Name, string Json)[] members)
    {
        var to = Path.Combine(_folder, Guid.NewGuid().ToString("N"), "sms-spam", "1");
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "models", "sms-spam", "1")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        var path = Path.Combine(to, "model.json");
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        foreach (var (name, json) in members)
        {
            manifest[name] = JsonNode.Parse(json);
        }

        await File.WriteAllTextAsync(path, manifest.ToJsonString());
        var read = await ModelFolderReader.ReadAsync(to, ModelTrust.Unsigned, default);
        read.Folder.ShouldNotBeNull(string.Join("; ", read.Faults));
        return (OnnxModel)await _runtime.LoadAsync(read.Folder!, default);
    }
}
