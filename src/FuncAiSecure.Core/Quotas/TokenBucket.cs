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
    private long _fullUntil;
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

    /// <summary>A token that was taken: what it cost, and when.</summary>
    public readonly record struct Token(long Cost, long TakenAt);

    /// <summary>Takes a token; if there is none, <paramref name="wait"/> is the timestamps until there is one.</summary>
    public bool TryTake(long now, out Token taken, out long wait)
    {
        taken = default;
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
                if (fullAt <= now)
                {
                    Volatile.Write(ref _fullUntil, now);
                }

                wait = 0;
                taken = new Token(token, now);
                return true;
            }

            fullAt = seen;
        }
    }

    /// <summary>
    /// Puts a token back that was taken for a request that never ran; not if the bucket has been full since, because it has made up for
    /// the token by itself then, and putting it back would be one too many.
    /// </summary>
    public void Refund(Token taken)
    {
        if (taken.Cost > 0 && taken.TakenAt >= Volatile.Read(ref _fullUntil))
        {
            Interlocked.Add(ref _fullAt, -Math.Min(taken.Cost, Volatile.Read(ref _tokenTime)));
        }
    }

    /// <summary>Is every token there?</summary>
    public bool IsFull(long now) => Volatile.Read(ref _fullAt) <= now;

    /// <summary>Tokens of this instance's part that were taken and are not back.</summary>
    public long Taken(long now) => Math.Max(0, (Volatile.Read(ref _capacityTime) / Volatile.Read(ref _tokenTime)) - Read(now).Tokens);

    /// <summary>Whole tokens that are there, and the timestamps until there is one more.</summary>
    public (long Tokens, long Wait) Read(long now)
    {
        var token = Volatile.Read(ref _tokenTime);
        var free = Volatile.Read(ref _capacityTime) - Math.Max(0, Volatile.Read(ref _fullAt) - now);
        var tokens = Math.Max(0, free / token);
        return (tokens, ((tokens + 1) * token) - free);
    }
}
