using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Sessions;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>A loaded model version: its session, its queue, its tokenizer and its counters.</summary>
public sealed class OnnxModel : ILoadedModel
{
    // Golden tests run as the server itself.
    private static readonly PrincipalId Self = PrincipalId.TryParse("golden-test", out var id) ? id : default;

    private readonly OnnxModelSession _session;

    internal OnnxModel(ModelManifest manifest, OnnxModelSession session, ModelQueue queue, ModelStatistics statistics, ITextEncoder? encoder, long memoryBytes)
    {
        Manifest = manifest;
        _session = session;
        Queue = queue;
        Statistics = statistics;
        Encoder = encoder;
        MemoryBytes = memoryBytes;
        Names = new TensorNames(manifest.Inputs.Concat(manifest.Outputs).Select(tensor => tensor.Name));
    }

    /// <inheritdoc />
    public ModelManifest Manifest { get; }

    /// <inheritdoc />
    public long MemoryBytes { get; }

    /// <summary>The names that requests to this model use.</summary>
    public TensorNames Names { get; }

    /// <summary>The counters.</summary>
    public ModelStatistics Statistics { get; }

    /// <summary>The tokenizer; null where the graph takes text or numbers as they are.</summary>
    public ITextEncoder? Encoder { get; }

    /// <inheritdoc />
    public int Waiting => Queue.Waiting;

    /// <inheritdoc />
    public RunCounts Counts => Statistics.Take();

    internal ModelQueue Queue { get; }

    internal ulong AllOutputs => _session.AllOutputs;

    /// <inheritdoc />
    public Task<IReadOnlyList<GoldenTensor>> RunAsync(IReadOnlyList<GoldenTensor> inputs, CancellationToken cancellation) =>
        GoldenRun.RunAsync(this, inputs, Self, cancellation);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        return ValueTask.CompletedTask;
    }
}
