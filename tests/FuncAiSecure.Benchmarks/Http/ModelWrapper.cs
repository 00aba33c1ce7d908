using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// Makes model folders of bare ONNX files, so that another program's load can be put on the product with the models that its peers
/// serve. The golden numbers come from ONNX Runtime directly; they hold the engine to it, not the model to any truth.
/// </summary>
internal static class ModelWrapper
{
    private const int Tokens = 16;

    /// <summary>Wraps every ONNX file of a folder as version 1 of a model with the file's name.</summary>
    /// <param name="from">The folder of ONNX files with numbers or token ids as inputs, the batch as first dimension.</param>
    /// <param name="to">The models' directory to make.</param>
    public static void Wrap(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.onnx").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var folder = Directory.CreateDirectory(Path.Combine(to, name, "1")).FullName;
            var onnx = File.ReadAllBytes(file);
            using var session = new InferenceSession(onnx, new SessionOptions { IntraOpNumThreads = 1 });
            var golden = JsonSerializer.SerializeToUtf8Bytes(Golden(session));
            File.WriteAllBytes(Path.Combine(folder, "model.onnx"), onnx);
            File.WriteAllBytes(Path.Combine(folder, "golden.json"), golden);
            File.WriteAllBytes(Path.Combine(folder, "model.json"), JsonSerializer.SerializeToUtf8Bytes(Manifest(name, session, ("model.onnx", onnx), ("golden.json", golden))));
        }
    }

    private static JsonObject Manifest(string name, InferenceSession session, params (string Path, byte[] Bytes)[] files) => new()
    {
        ["name"] = name,
        ["version"] = 1,
        ["task"] = "tensor",
        ["description"] = "Measures cost; knows nothing.",
        ["license"] = "MIT",
        ["provenance"] = new JsonObject { ["source"] = "a load generator", ["data"] = "none", ["method"] = "random weights" },
        ["files"] = new JsonArray([.. files.Select(file => new JsonObject
        {
            ["path"] = file.Path,
            ["size"] = file.Bytes.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Bytes)),
        })]),
        ["inputs"] = Specs(session.InputMetadata),
        ["outputs"] = Specs(session.OutputMetadata),
        ["limits"] = new JsonObject { ["maxBatch"] = 64 },
        ["preload"] = true,
        ["session"] = new JsonObject { ["intraOpThreads"] = 1 },
    };

    private static JsonArray Specs(IReadOnlyDictionary<string, NodeMetadata> tensors) =>
        new([.. tensors.Select(tensor => new JsonObject
        {
            ["name"] = tensor.Key,
            ["datatype"] = Datatype(tensor.Value),
            ["shape"] = new JsonArray([.. tensor.Value.Dimensions.Select(dimension => JsonValue.Create(dimension))]),
        })]);

    private static string Datatype(NodeMetadata tensor) => tensor.ElementType == typeof(float) ? "FP32" : "INT64";

    private static JsonObject Golden(InferenceSession session)
    {
        var inputs = session.InputMetadata.ToDictionary(input => input.Key, input => Values(input.Value));
        var given = inputs.ToDictionary(input => input.Key, input => Value(session.InputMetadata[input.Key], input.Value));
        using var options = new RunOptions();
        using var results = session.Run(options, given, [.. session.OutputMetadata.Keys]);
        var outputs = session.OutputMetadata.Keys.Select((name, i) =>
            Tensor(name, "FP32", results[i].GetTensorTypeAndShape().Shape, [.. results[i].GetTensorDataAsSpan<float>().ToArray().Select(value => (double)value)]));
        var golden = new JsonObject
        {
            ["source"] = "ONNX Runtime, called directly",
            ["absoluteTolerance"] = 1e-3,
            ["relativeTolerance"] = 1e-2,
            ["cases"] = new JsonArray(new JsonObject
            {
                ["name"] = "one row",
                ["inputs"] = new JsonArray([.. inputs.Select(input => Tensor(
                    input.Key, Datatype(session.InputMetadata[input.Key]), Shape(session.InputMetadata[input.Key]), input.Value))]),
                ["outputs"] = new JsonArray([.. outputs]),
            }),
        };
        foreach (var value in given.Values)
        {
            value.Dispose();
        }

        return golden;
    }

    private static JsonObject Tensor(string name, string datatype, long[] shape, double[] data) => new JsonObject
    {
        ["name"] = name,
        ["datatype"] = datatype,
        ["shape"] = new JsonArray([.. shape.Select(dimension => JsonValue.Create(dimension))]),
        ["data"] = new JsonArray([.. data.Select(value => datatype == "FP32" ? JsonValue.Create((float)value) : JsonValue.Create((long)value))]),
    };

    private static long[] Shape(NodeMetadata tensor) => [.. tensor.Dimensions.Select((dimension, axis) => axis == 0 ? 1L : dimension < 0 ? Tokens : dimension)];

    private static double[] Values(NodeMetadata tensor)
    {
        var count = Shape(tensor).Aggregate(1L, (product, dimension) => product * dimension);
        return [.. Enumerable.Range(0, (int)count).Select(i => tensor.ElementType == typeof(float) ? (float)((i % 17) / 17.0) : 1.0)];
    }

    private static OrtValue Value(NodeMetadata tensor, double[] values) => tensor.ElementType == typeof(float)
        ? OrtValue.CreateTensorValueFromMemory<float>([.. values.Select(value => (float)value)], Shape(tensor))
        : OrtValue.CreateTensorValueFromMemory<long>([.. values.Select(value => (long)value)], Shape(tensor));
}
