namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// How many units to lease ahead of need. Over all instances, at most a hundredth of the amount may lie unspent, so that
/// 99 % of it has been admitted before anybody is refused, wherever the demand is; and each instance takes at most a part
/// of what is left, down to none: near the end units are taken one by one.
/// </summary>
internal static class BlockSize
{
    /// <summary>An entry that did not write for this long holds nothing: it returned its block, or it crashed.</summary>
    public const long StaleSeconds = 30;

    private const long UnspentDivisor = 100;
    private const long LeftDivisor = 4;

    /// <summary>The unspent units that a lease may aim for now.</summary>
    /// <param name="row">The counter as it is.</param>
    /// <param name="id">The lease that asks.</param>
    /// <param name="limit">The policy's amount.</param>
    /// <param name="left">What can still be granted.</param>
    /// <param name="perSecond">The rate that the instance sees.</param>
    /// <param name="duration">How long a block should last.</param>
    /// <param name="now">Unix seconds of the service's clock.</param>
    public static long Target(WindowRow row, string id, long limit, long left, double perSecond, TimeSpan duration, long now)
    {
        var (others, held) = Others(row, id, now);
        var unspent = limit / UnspentDivisor;
        var share = Math.Min(unspent / (others + 1), Math.Max(0, unspent - held));
        share = Math.Min(share, left / (LeftDivisor * (others + 1)));
        return Math.Min((long)Math.Ceiling(perSecond * duration.TotalSeconds), share);
    }

    /// <summary>How many other leases wrote lately, and what they hold at most.</summary>
    public static (int Count, long Held) Others(WindowRow row, string id, long now)
    {
        var count = 0;
        var held = 0L;
        foreach (var entry in row.Entries)
        {
            if (entry.Id != id && now - entry.At <= StaleSeconds)
            {
                count++;
                held += entry.Held;
            }
        }

        return (count, held);
    }
}
