using Azure;

namespace FuncAiSecure.Core.Storage;

/// <summary>
/// The storage service's clock as this instance can know it: bounds, never a guess. Instances whose own clocks are wrong
/// agree, because only the service's <c>Date</c> and the local monotonic counter are used, never the local wall clock.
/// </summary>
/// <remarks>
/// <c>Date</c> has whole seconds, so each answer says: while it was made, the service's clock stood in [Date, Date + 1 s).
/// Bounds of several answers are intersected, and widen with age by the drift that a counter may have. If they contradict
/// each other (a suspended machine, a stepped service) the newest answer alone holds.
/// </remarks>
internal sealed class ServiceClock(TimeProvider time)
{
    /// <summary>A server may take <c>Date</c> from a cached string that is renewed a little late.</summary>
    private const long DateLateness = 50 * TimeSpan.TicksPerMillisecond;

    /// <summary>200 parts in a million, four times what a counter of a virtual machine drifts.</summary>
    private const long DriftDivisor = 5_000;

    private readonly Lock _gate = new();
    private volatile Bounds? _bounds;

    private sealed record Bounds(long At, long Low, long High);

    public bool IsSet => _bounds is not null;

    /// <summary>Takes an answer that came just now; the timestamp is of the local counter, before sending.</summary>
    public void Observe(Response? answer, long sent)
    {
        if (answer?.Headers.Date is { } date)
        {
            Observe(date, sent, time.GetTimestamp());
        }
    }

    /// <summary>Takes an answer's <c>Date</c>; the timestamps are of the local counter, before sending and after receiving.</summary>
    public void Observe(DateTimeOffset date, long sent, long received)
    {
        var low = date.UtcTicks;
        var high = low + TimeSpan.TicksPerSecond + DateLateness + time.GetElapsedTime(sent, received).Ticks;
        lock (_gate)
        {
            if (_bounds is { } bounds)
            {
                var (oldLow, oldHigh) = Project(bounds, received);
                var newLow = Math.Max(low, oldLow);
                var newHigh = Math.Min(high, oldHigh);
                _bounds = newLow < newHigh ? new Bounds(received, newLow, newHigh) : new Bounds(received, low, high);
            }
            else
            {
                _bounds = new Bounds(received, low, high);
            }
        }
    }

    /// <summary>The earliest and the latest moment (UTC ticks) that it can be at the service. Before any answer: the local wall clock.</summary>
    public (long Earliest, long Latest) At(long timestamp)
    {
        if (_bounds is { } bounds)
        {
            return Project(bounds, timestamp);
        }

        var now = time.GetUtcNow().UtcTicks;
        return (now, now);
    }

    /// <summary>How much is not known; of no meaning before any answer.</summary>
    public TimeSpan Uncertainty
    {
        get
        {
            var (earliest, latest) = At(time.GetTimestamp());
            return TimeSpan.FromTicks(latest - earliest);
        }
    }

    /// <summary>
    /// How long to wait before an answer tells most: whole seconds tick over at the service just when it may be either side
    /// of the middle of what is possible, so that each such answer halves the uncertainty.
    /// </summary>
    public TimeSpan UntilTellingMoment()
    {
        var (earliest, latest) = At(time.GetTimestamp());
        var middle = earliest + ((latest - earliest) / 2);
        return TimeSpan.FromTicks(TimeSpan.TicksPerSecond - (middle % TimeSpan.TicksPerSecond));
    }

    /// <summary>The last local timestamp at which it is certain that the service's clock is before <paramref name="utcTicks"/>.</summary>
    public long CertainlyBefore(long utcTicks, long now)
    {
        var left = utcTicks - At(now).Latest;
        return left <= 0 ? now : now + ToTimestamp(left - (left / DriftDivisor) - 1);
    }

    /// <summary>How long to wait until it is certain that the service's clock has reached <paramref name="utcTicks"/>.</summary>
    public TimeSpan UntilCertainlyAt(long utcTicks, long now)
    {
        var left = utcTicks - At(now).Earliest;

        // While the wait lasts, the counter may drift by a part of the wait, not of what is left.
        return left <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(left + (left / (DriftDivisor - 1)) + 1);
    }

    private (long Low, long High) Project(Bounds bounds, long timestamp)
    {
        var elapsed = Math.Max(0, time.GetElapsedTime(bounds.At, timestamp).Ticks);
        var drift = elapsed / DriftDivisor;
        return (bounds.Low + elapsed - drift, bounds.High + elapsed + drift);
    }

    private long ToTimestamp(long ticks) => (long)(ticks * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));
}
