namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>A counter as a lease saw it last, as far as promises to the caller depend on it.</summary>
/// <param name="Left">Units that it could still grant after the lease's own update.</param>
/// <param name="Outstanding">Units of other leases.</param>
/// <param name="Margin">What others may take unseen at any moment; 0 if the lease was alone.</param>
/// <param name="OthersPerSecond">How fast others took units.</param>
/// <param name="At">The local timestamp.</param>
internal sealed record Sight(long Left, long Outstanding, long Margin, double OthersPerSecond, long At)
{
    /// <summary>Units that are still there for certain after some time: others may go on at twice their pace.</summary>
    public long CertainAfter(TimeSpan age) =>
        Math.Max(0, Left - Margin - (long)Math.Ceiling(2 * OthersPerSecond * age.TotalSeconds));

    public static Sight Of(Sight? before, WindowRow row, string id, long limit, long left, long nowSeconds, long now, TimeProvider time)
    {
        var mine = row.Find(id)?.Lent ?? 0;
        var theirs = row.Outstanding - mine;
        var alone = BlockSize.Others(row, id, nowSeconds).Count == 0;
        if (alone)
        {
            return new Sight(left, theirs, 0, 0, now);
        }

        var span = before is null ? 0 : time.GetElapsedTime(before.At, now).TotalSeconds;
        var pace = span <= 0 ? before?.OthersPerSecond ?? 0 : Math.Max(0, theirs - before!.Outstanding) / span;
        return new Sight(left, theirs, Math.Max(1, limit / 50), Math.Max(pace, (before?.OthersPerSecond ?? 0) / 2), now);
    }
}
