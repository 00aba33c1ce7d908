using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Inference.Scheduling;
using FuncAiSecure.Core.Inference.Sessions;
using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Inference;

/// <summary>Makes running models of verified folders, on ONNX Runtime.</summary>
public sealed class OnnxModelRuntime : IModelRuntime, IDisposable
{
    // A session holds about its weights again in packed form, and arenas; measured on encoders of 60 to 90 MB.
    private const double ResidentPerByte = 1.3;
    private const long ResidentAtLeast = 2 << 20;

    private readonly InferenceScheduler _scheduler;
    private readonly InferenceOptions _options;
    private readonly ITextEncoderFactory _encoders;
    private readonly TimeProvider _time;
    private readonly BatchMetrics? _batches;

    /// <summary>
    /// With the options and a clock; tokenizers are read as <c>tokenizer.json</c> unless a factory says otherwise, and sizes of
    /// batches are measured where there are meters.
    /// </summary>
    public OnnxModelRuntime(
        IOptions<InferenceOptions> options, TimeProvider time, ITextEncoderFactory? encoders = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        _batches = meters is null ? null : new BatchMetrics(meters);
        _encoders = encoders ?? new TokenizerEncoderFactory();
        _scheduler = new InferenceScheduler(time, _options.ConcurrentRuns);
    }

    /// <summary>Runs at once.</summary>
    public int ConcurrentRuns => _scheduler.Slots;

    internal int FreeSlots => _scheduler.FreeSlots;

    /// <inheritdoc />
    public Task<ILoadedModel> LoadAsync(ModelFolder folder, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Task.Run<ILoadedModel>(() => Load(folder), cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _scheduler.Dispose();

    private OnnxModel Load(ModelFolder folder)
    {
        var manifest = folder.Manifest;
        ITextEncoder? encoder = null;
        if (manifest.Tokenizer is { } tokenizer)
        {
            encoder = _encoders.Create(tokenizer, folder.Files[tokenizer.File]);
        }

        TaskCheck.Require(manifest);
        var session = OnnxModelSession.Load(folder);
        var statistics = new ModelStatistics(manifest.Name, _batches);
        var rows = KeepsRowsApart(manifest) ? Math.Min(manifest.Limits.MaxBatch ?? 1, _options.MaxBatchRows) : 1;
        var limits = new QueueLimits(rows, _options.MaxWaiting, _options.MaxWait, _options.RetryAfter);
        var queue = new ModelQueue(session, _scheduler, limits, statistics, _time);
        return new OnnxModel(manifest, session, queue, statistics, encoder, ResidentAtLeast + (long)(folder.Model.Length * ResidentPerByte));
    }

    // Sharing a run needs an open first dimension everywhere, and a manifest that says how many rows one run may have.
    private static bool KeepsRowsApart(ModelManifest manifest) =>
        manifest.Inputs.Concat(manifest.Outputs).All(tensor => tensor.Shape is [-1, ..]);
}
