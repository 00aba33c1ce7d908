namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>How the requests of a stretch of time ended, and how long they took. Safe for several threads without a lock.</summary>
internal sealed class Tally
{
    private readonly int[] _refused = new int[Enum.GetValues<RefusalCode>().Length];
    private readonly LatencyHistogram _latency = new();
    private int _served;
    private int _abandoned;

    /// <summary>Counts a request.</summary>
    public void Add(in FinishedRequest request)
    {
        if (request.IsAbandoned)
        {
            Interlocked.Increment(ref _abandoned);
        }
        else if (request.Refused is { } code)
        {
            Interlocked.Increment(ref _refused[(int)code]);
        }
        else
        {
            Interlocked.Increment(ref _served);
        }

        _latency.Record(request.Duration);
    }

    /// <summary>Adds what was counted.</summary>
    public void AddTo(TallySum sum)
    {
        sum.Served += Volatile.Read(ref _served);
        sum.Abandoned += Volatile.Read(ref _abandoned);
        for (var i = 0; i < _refused.Length; i++)
        {
            sum.RefusedBy[i] += Volatile.Read(ref _refused[i]);
        }

        _latency.AddTo(sum.Latencies);
    }
}

/// <summary>Sums of tallies. Not safe for concurrent use.</summary>
public sealed class TallySum
{
    /// <summary>Requests that were answered.</summary>
    public long Served { get; internal set; }

    /// <summary>Requests whose caller went away.</summary>
    public long Abandoned { get; internal set; }

    /// <summary>Requests that were refused.</summary>
    public long Refused => RefusedBy.Sum();

    internal long[] RefusedBy { get; } = new long[Enum.GetValues<RefusalCode>().Length];

    internal long[] Latencies { get; } = new long[LatencyHistogram.BucketCount];

    /// <summary>Requests that were refused for a reason.</summary>
    public long RefusedFor(RefusalCode code) => RefusedBy[(int)code];

    /// <summary>The time within which a share of the requests ended, at most a sixteenth too long; null where there was none.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public TimeSpan? Percentile(double share) => LatencyHistogram.Percentile(Latencies, share);
}
