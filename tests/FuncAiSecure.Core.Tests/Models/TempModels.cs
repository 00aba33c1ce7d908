using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FuncAiSecure.Core.Models.Integrity;

namespace FuncAiSecure.Core.Tests.Models;

/// <summary>A models directory of its own that goes away with the test.</summary>
internal sealed class TempModels : IDisposable
{
    public const string Golden = """
        {
          "source": "by hand", "absoluteTolerance": 0.000001, "relativeTolerance": 0,
          "cases": [ {
            "name": "one and a half more",
            "inputs": [ { "name": "x", "datatype": "FP32", "shape": [1, 1], "data": [2] } ],
            "outputs": [ { "name": "y", "datatype": "FP32", "shape": [1, 1], "data": [3.5] } ]
          } ]
        }
        """;

    public string Root { get; } = Directory.CreateTempSubdirectory("models-").FullName;

    /// <summary>Writes a folder that is good, unless <paramref name="change"/> makes it otherwise before the manifest is written.</summary>
    public string Add(
        string name = "sum",
        int version = 1,
        byte[]? graph = null,
        string golden = Golden,
        Action<JsonObject>? change = null,
        Dictionary<string, byte[]>? more = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, name, version.ToString(CultureInfo.InvariantCulture))).FullName;
        var files = new Dictionary<string, byte[]>(more ?? [])
        {
            ["model.onnx"] = graph ?? OnnxSamples.Add(),
            ["golden.json"] = Encoding.UTF8.GetBytes(golden),
        };
        var manifest = ManifestSamples.Minimal();
        manifest["name"] = name;
        manifest["version"] = version;
        manifest["inputs"]![0]!["shape"] = new JsonArray(-1, 1);
        manifest["outputs"]![0]!["shape"] = new JsonArray(-1, 1);
        manifest["files"] = new JsonArray([.. files.Select(file => (JsonNode)new JsonObject
        {
            ["path"] = file.Key,
            ["size"] = file.Value.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Value)),
        })]);
        change?.Invoke(manifest);
        foreach (var (path, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            File.WriteAllBytes(Path.Combine(folder, path), bytes);
        }

        File.WriteAllBytes(Path.Combine(folder, "model.json"), manifest.Utf8());
        return folder;
    }

    public static void Sign(string folder, ECDsa key) => File.WriteAllBytes(
        Path.Combine(folder, "model.json.sig"), ModelTrust.Sign(key, File.ReadAllBytes(Path.Combine(folder, "model.json"))));

    public static void FlipByte(string path, int at = 5)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Reads a version's folder.</summary>
    public static Task<FolderResult> ReadAsync(string folder, ModelTrust? trust = null) =>
        ModelFolderReader.ReadAsync(folder, trust ?? ModelTrust.Unsigned, CancellationToken.None);

    /// <summary>What is wrong with a version's folder.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string folder, ModelTrust? trust = null)
    {
        var result = await ReadAsync(folder, trust);
        result.Folder.ShouldBeNull();
        return [.. result.Faults.Select(fault => fault.ToString())];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
