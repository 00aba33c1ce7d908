namespace FuncAiSecure.Core.Quotas;

/// <summary>What one running request holds. Pooled: <see cref="Version"/> tells a handle whether it is still its request's.</summary>
internal sealed class Reservation
{
    private readonly Holding[] _holdings = new Holding[QuotaOptionsValidator.MaxPolicies];
    private int _version;

    /// <summary>Units of one policy, and when they were spent: they go back only to the same window.</summary>
    public record struct Holding(long Units, long SpentAt);

    /// <summary>The model that the request asks for, if any.</summary>
    public string? Model { get; private set; }

    /// <summary>The token of the plan's burst; the default where it has none.</summary>
    public TokenBucket.Token Burst { get; private set; }

    public int Version => Volatile.Read(ref _version);

    public void Begin(string? model, TokenBucket.Token burst)
    {
        (Model, Burst) = (model, burst);
        Array.Clear(_holdings);
    }

    public void Hold(int policy, long units, long spentAt) => _holdings[policy] = new Holding(units, spentAt);

    public bool Holds(int policy) => _holdings[policy].Units > 0;

    public long? SpentAt(int policy) => Holds(policy) ? _holdings[policy].SpentAt : null;

    /// <summary>Gives up what is held of a policy.</summary>
    public Holding Release(int policy)
    {
        var holding = _holdings[policy];
        _holdings[policy] = default;
        return holding;
    }

    /// <summary>True for the first who ends this version; later handles of it do nothing.</summary>
    public bool TryEnd(int version) => Interlocked.CompareExchange(ref _version, version + 1, version) == version;
}
