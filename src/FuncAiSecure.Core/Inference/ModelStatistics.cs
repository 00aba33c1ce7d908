using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring;

namespace FuncAiSecure.Core.Inference;

/// <summary>Counters of one loaded model version, as the protocol's statistics extension shows them. Safe for several threads.</summary>
public sealed class ModelStatistics
{
    private readonly BatchMetrics? _batches;
    private readonly string _model;
    private readonly long[] _batchSizes = new long[BatchMetrics.Buckets.Length + 1];
    private long _inferences;
    private long _executions;
    private long _successes;
    private long _failures;
    private long _refusals;
    private long _queueTicks;
    private long _computeTicks;
    private long _failTicks;
    private long _lastMilliseconds;

    /// <summary>Counters that tell nobody of the sizes of batches.</summary>
    public ModelStatistics()
        : this("", null)
    {
    }

    internal ModelStatistics(string model, BatchMetrics? batches) => (_model, _batches) = (model, batches);

    /// <summary>Rows that were inferred.</summary>
    public long InferenceCount => Volatile.Read(ref _inferences);

    /// <summary>Runs of the graph; fewer than requests where they shared runs.</summary>
    public long ExecutionCount => Volatile.Read(ref _executions);

    /// <summary>Requests that got an answer.</summary>
    public long SuccessCount => Volatile.Read(ref _successes);

    /// <summary>Requests whose run failed or was ended.</summary>
    public long FailCount => Volatile.Read(ref _failures);

    /// <summary>Requests for which there was no place in the queue.</summary>
    public long RefusedCount => Volatile.Read(ref _refusals);

    /// <summary>Time that answered requests waited, summed.</summary>
    public TimeSpan QueueTime => TimeSpan.FromTicks(Volatile.Read(ref _queueTicks));

    /// <summary>Time that answered requests ran, summed over requests.</summary>
    public TimeSpan ComputeTime => TimeSpan.FromTicks(Volatile.Read(ref _computeTicks));

    /// <summary>Time of failed runs, summed.</summary>
    public TimeSpan FailTime => TimeSpan.FromTicks(Volatile.Read(ref _failTicks));

    /// <summary>When the last answered request ended, in Unix milliseconds; 0 if none did.</summary>
    public long LastInference => Volatile.Read(ref _lastMilliseconds);

    /// <summary>A copy of all counters.</summary>
    public RunCounts Take() => new(
        SuccessCount,
        FailCount,
        RefusedCount,
        ExecutionCount,
        InferenceCount,
        QueueTime,
        ComputeTime,
        FailTime,
        LastInference,
        [.. _batchSizes.Select((_, i) => (i < BatchMetrics.Buckets.Length ? BatchMetrics.Buckets[i] : (int?)null, Volatile.Read(ref _batchSizes[i])))]);

    internal void Executed(int rows)
    {
        Interlocked.Increment(ref _executions);
        var place = BatchMetrics.Buckets.AsSpan().BinarySearch(rows);
        Interlocked.Increment(ref _batchSizes[place < 0 ? ~place : place]);
        _batches?.Ran(_model, rows);
    }

    internal void Refused() => Interlocked.Increment(ref _refusals);

    internal void Succeeded(int rows, TimeSpan queued, TimeSpan computed, DateTimeOffset now)
    {
        Interlocked.Increment(ref _successes);
        Interlocked.Add(ref _inferences, rows);
        Interlocked.Add(ref _queueTicks, queued.Ticks);
        Interlocked.Add(ref _computeTicks, computed.Ticks);
        Volatile.Write(ref _lastMilliseconds, now.ToUnixTimeMilliseconds());
    }

    internal void Failed(TimeSpan computed)
    {
        Interlocked.Increment(ref _failures);
        Interlocked.Add(ref _failTicks, computed.Ticks);
    }
}
