using System.Text.Json.Nodes;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Chain;

/// <summary>A copy of shipped models, the guards' own among them, and one more, <c>guarded</c>: the spam model behind guards and a wide budget.</summary>
internal sealed class ModelFolders : IDisposable
{
    public const string Guarded = "guarded";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("funcai-models-");

    public ModelFolders(params string[] shipped)
    {
        foreach (var name in shipped)
        {
            Copy(name, name);
        }

        Copy("prompt-guard", "prompt-guard");
        Copy("sms-spam", Guarded);
        var file = System.IO.Path.Combine(Path, Guarded, "1", "model.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        manifest["name"] = Guarded;
        manifest["guards"] = JsonNode.Parse("""{"injection":{"action":"block"},"inputPii":{"default":"detect","kinds":{"EMAIL":"redact","PAYMENT_CARD":"block"}}}""");
        manifest["output"]!["extraction"] = JsonNode.Parse("""{"budget":1000000000}""");
        File.WriteAllText(file, manifest.ToJsonString());
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private void Copy(string name, string copy)
    {
        var from = new DirectoryInfo(System.IO.Path.Combine(Repository.Root, "models", name, "1"));
        var to = Directory.CreateDirectory(System.IO.Path.Combine(Path, copy, "1"));
        foreach (var file in from.EnumerateFiles())
        {
            file.CopyTo(System.IO.Path.Combine(to.FullName, file.Name));
        }
    }
}
