using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Cli.Tests.Models;

/// <summary>A copy of the shipped numeric model to sign, break and add.</summary>
internal sealed class ModelCopy : IDisposable
{
    public ModelCopy()
    {
        Root = Directory.CreateTempSubdirectory("funcai-models-").FullName;
        Folder = Directory.CreateDirectory(Path.Combine(Root, "in", "wine", "1")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models", "wine", "1")))
        {
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        }

        Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PrivateKey, Key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PublicKey, Key.ExportSubjectPublicKeyInfoPem());
    }

    public string Root { get; }

    public string Folder { get; }

    public ECDsa Key { get; }

    public string PrivateKey => Path.Combine(Root, "private.pem");

    public string PublicKey => Path.Combine(Root, "public.pem");

    /// <summary>Changes a file of the folder and makes the manifest agree with it.</summary>
    public void Change(string file, Func<string, string> change)
    {
        var bytes = Encoding.UTF8.GetBytes(change(File.ReadAllText(Path.Combine(Folder, file))));
        File.WriteAllBytes(Path.Combine(Folder, file), bytes);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "model.json")))!;
        var entry = manifest["files"]!.AsArray().Single(entry => (string?)entry!["path"] == file)!;
        entry["size"] = bytes.Length;
        entry["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllText(Path.Combine(Folder, "model.json"), manifest.ToJsonString());
    }

    public void FlipByte(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, file));
        bytes[^5] ^= 1;
        File.WriteAllBytes(Path.Combine(Folder, file), bytes);
    }

    public void Dispose()
    {
        Key.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
