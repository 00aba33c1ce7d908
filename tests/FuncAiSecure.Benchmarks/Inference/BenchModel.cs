using System.Collections.Frozen;
using System.Diagnostics;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Benchmarks.Inference;

/// <summary>The model of make_models.py, made in a temporary folder when first asked for.</summary>
internal static class BenchModel
{
    private static readonly Lazy<byte[]> Graph = new(Make);

    public static PrincipalId Principal(string name) => PrincipalId.TryParse(name, out var id) ? id : throw new ArgumentException(name);

    public static OnnxModelRuntime Runtime(TimeSpan? maxWait = null, int maxWaiting = 1024) =>
        new(Options.Create(new InferenceOptions { MaxWaiting = maxWaiting, MaxWait = maxWait ?? TimeSpan.FromMinutes(1) }), TimeProvider.System);

    public static async Task<OnnxModel> LoadAsync(OnnxModelRuntime runtime, int maxBatch) =>
        (OnnxModel)await runtime.LoadAsync(Folder(maxBatch), CancellationToken.None);

    public static ModelFolder Folder(int maxBatch)
    {
        var manifest = new ModelManifest
        {
            Name = "bench",
            Version = 1,
            Task = ModelTask.Tensor,
            Description = "",
            License = "MIT",
            Provenance = new ModelProvenance { Source = "make_models.py", Data = "none", Method = "random weights" },
            Files = [],
            Inputs = [new TensorSpec { Name = "input_ids", Datatype = Datatype.Int64, Shape = [-1, -1] }, new TensorSpec { Name = "attention_mask", Datatype = Datatype.Int64, Shape = [-1, -1] }],
            Outputs = [new TensorSpec { Name = "embedding", Datatype = Datatype.Fp32, Shape = [-1, 256] }],
            Limits = new ModelLimits { MaxBatch = maxBatch },
        };
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [ModelManifest.ModelFileName] = Graph.Value };
        return new ModelFolder(manifest, new string('0', 64), null, files.ToFrozenDictionary(), Graph.Value);
    }

    public static InferRequest Request(int length)
    {
        var ids = Tensor.Rent("input_ids", Datatype.Int64, [1, length]);
        var mask = Tensor.Rent("attention_mask", Datatype.Int64, [1, length]);
        for (var token = 0; token < length; token++)
        {
            ids.Elements<long>()[token] = (token * 37) % 1000;
            mask.Elements<long>()[token] = 1;
        }

        return new InferRequest([ids, mask]);
    }

    private static byte[] Make()
    {
        var folder = Directory.CreateTempSubdirectory("bench").FullName;
        try
        {
            var script = Path.Combine(Repository.Root, "tests", "FuncAiSecure.Benchmarks", "Inference", "make_models.py");
            using var python = Process.Start("/usr/bin/python3", [script, folder]);
            python.WaitForExit();
            return python.ExitCode == 0
                ? File.ReadAllBytes(Path.Combine(folder, "bench.onnx"))
                : throw new InvalidOperationException("The benchmark's model needs Debian's python3-onnx and python3-numpy.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
