namespace FuncAiSecure.Core.Quotas;

/// <summary>
/// A token bucket as one number: the moment at which it will be full again (generic cell rate algorithm). Over any span of
/// s seconds it admits at most capacity + s * rate. One interlocked exchange a decision, no allocation, no timer.
/// </summary>
/// <remarks>
/// Capacity and rate are for all instances. Each instance takes an equal part, by the number of instances that lease from
/// the caller's counters, but never less than one token.
/// </remarks>
internal sealed class TokenBucket
{
    private readonly double _capacity;
    private readonly double _interval;
    private long _fullAt;
    private long _tokenTime;
    private long _capacityTime;

    /// <param name="capacity">Tokens of a full bucket.</param>
    /// <param name="perSecond">Tokens that come back each second.</param>
    /// <param name="timestampFrequency">Timestamps a second.</param>
    public TokenBucket(long capacity, double perSecond, long timestampFrequency)
    {
        _capacity = capacity;
        _interval = timestampFrequency / perSecond;
        Share(1);
    }

    /// <summary>Takes this instance's part of a deployment of so many.</summary>
    public void Share(int instances)
    {
        var token = (long)Math.Max(1, _interval * instances);
        Volatile.Write(ref _tokenTime, token);
        Volatile.Write(ref _capacityTime, (long)(token * Math.Max(1, Math.Floor(_capacity / instances))));
    }

    /// <summary>Takes a token; if there is none, <paramref name="wait"/> is the timestamps until there is one.</summary>
    public bool TryTake(long now, out long wait)
    {
        var token = Volatile.Read(ref _tokenTime);
        var capacity = Volatile.Read(ref _capacityTime);
        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(fullAt, now) + token;
            wait = next - now - capacity;
            if (wait > 0)
            {
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt)
            {
                wait = 0;
                return true;
            }

            fullAt = seen;
        }
    }

    /// <summary>Puts a token back that was taken for a request that never ran.</summary>
    public void Refund() => Interlocked.Add(ref _fullAt, -Volatile.Read(ref _tokenTime));

    /// <summary>Whole tokens that are there, and the timestamps until there is one more.</summary>
    public (long Tokens, long Wait) Read(long now)
    {
        var token = Volatile.Read(ref _tokenTime);
        var free = Volatile.Read(ref _capacityTime) - Math.Max(0, Volatile.Read(ref _fullAt) - now);
        var tokens = Math.Max(0, free / token);
        return (tokens, ((tokens + 1) * token) - free);
    }
}
