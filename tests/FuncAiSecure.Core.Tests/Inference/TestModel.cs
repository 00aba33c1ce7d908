using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Inference;

/// <summary>The models of make_models.py with manifests for them, and what the tests share to run them.</summary>
internal static class TestModel
{
    public static readonly PrincipalId Alice = Principal("alice");

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Inference", "TestModels");

    private static readonly FrozenDictionary<string, double[]> ExpectedNumbers =
        JsonSerializer.Deserialize<Dictionary<string, double[]>>(File.ReadAllText(Path.Combine(Folder, "expected.json")))!.ToFrozenDictionary();

    public static PrincipalId Principal(string name) => PrincipalId.TryParse(name, out var id) ? id : throw new ArgumentException(name);

    public static double[] Expected(string name) => ExpectedNumbers[name];

    public static OnnxModelRuntime Runtime(int slots = 2, Action<InferenceOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new InferenceOptions { ConcurrentRuns = slots };
        configure?.Invoke(options);
        return new OnnxModelRuntime(Options.Create(options), time ?? TimeProvider.System, new LetterEncoderFactory());
    }

    public static async Task<OnnxModel> LoadAsync(OnnxModelRuntime runtime, ModelManifest manifest, string? file = null) =>
        (OnnxModel)await runtime.LoadAsync(Of(manifest, File.ReadAllBytes(Path.Combine(Folder, (file ?? manifest.Name) + ".onnx"))), CancellationToken.None);

    public static ModelFolder Of(ModelManifest manifest, byte[] graph)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [ModelManifest.ModelFileName] = graph, ["letters"] = default };
        return new ModelFolder(manifest, new string('0', 64), null, files.ToFrozenDictionary(), graph);
    }

    public static ModelManifest Manifest(string name, ModelTask task, ImmutableArray<TensorSpec> inputs, ImmutableArray<TensorSpec> outputs, int maxBatch = 1) => new()
    {
        Name = name,
        Version = 1,
        Task = task,
        Description = "",
        License = "MIT",
        Provenance = new ModelProvenance { Source = "make_models.py", Data = "none", Method = "random weights" },
        Files = [],
        Inputs = inputs,
        Outputs = outputs,
        Limits = new ModelLimits { MaxBatch = maxBatch },
    };

    public static TensorSpec Spec(string name, Datatype datatype, params ImmutableArray<long> shape) =>
        new() { Name = name, Datatype = datatype, Shape = shape };

    public static ModelManifest Mlp(int maxBatch = 8) =>
        Manifest("mlp", ModelTask.Tensor, [Spec("x", Datatype.Fp32, -1, 4)], [Spec("y", Datatype.Fp32, -1, 3)], maxBatch);

    public static ModelManifest Endless() =>
        Manifest("endless", ModelTask.Tensor, [Spec("x", Datatype.Fp32, 1, 4)], [Spec("y", Datatype.Fp32, 1, 4)]);

    public static ModelManifest Encoder(Pooling pooling, bool normalize, int maxBatch = 8) => Text("encoder", ModelTask.TextEmbedding, Spec("last_hidden_state", Datatype.Fp32, -1, -1, 4), maxBatch) with
    {
        Pooling = pooling,
        Normalize = normalize,
        Dimensions = [2],
    };

    public static ModelManifest Sentence() => Text("sentence", ModelTask.TextEmbedding, Spec("vector", Datatype.Fp32, -1, 4));

    public static ModelManifest Maskless() => Sentence() with { Name = "maskless", Inputs = [Spec("input_ids", Datatype.Int64, -1, -1)] };

    public static ModelManifest Text(string name, ModelTask task, TensorSpec output, int maxBatch = 8, bool pairs = false) =>
        Manifest(
            name,
            task,
            [Spec("input_ids", Datatype.Int64, -1, -1), Spec("attention_mask", Datatype.Int64, -1, -1), .. pairs ? [Spec("token_type_ids", Datatype.Int64, -1, -1)] : ImmutableArray<TensorSpec>.Empty],
            [output],
            maxBatch) with
        {
            Tokenizer = new TokenizerSpec { Kind = TokenizerKind.WordPiece, File = "letters", MaxTokens = 16, Truncation = Truncation.Right },
        };

    public static Tensor Singles(string name, long[] shape, params float[] values)
    {
        var tensor = Tensor.Rent(name, Datatype.Fp32, shape);
        values.CopyTo(tensor.Elements<float>());
        return tensor;
    }

    public static Tensor Longs(string name, long[] shape, params long[] values)
    {
        var tensor = Tensor.Rent(name, Datatype.Int64, shape);
        values.CopyTo(tensor.Elements<long>());
        return tensor;
    }

    public static InferRequest Request(params Tensor[] inputs) => new([.. inputs]);
}
