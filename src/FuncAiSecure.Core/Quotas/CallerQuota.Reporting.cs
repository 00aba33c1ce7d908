using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>What a caller is told: how much is left, and when there is more.</summary>
internal sealed partial class CallerQuota
{
    /// <summary>
    /// Units that can be had for certain, and the seconds until there is more (0: not a matter of time). Alone on a counter, what it
    /// could grant when seen last is certain; with others on it, they may have taken some since.
    /// </summary>
    public (long Left, long WaitSeconds) Left(Policy policy)
    {
        var now = _context.Time.GetTimestamp();
        switch (policy.Window)
        {
            case PolicyWindow.Concurrent:
                return (Math.Max(0, policy.Amount - _gate.Running), 0);
            case PolicyWindow.Burst:
                var (tokens, wait) = _bucket!.Read(now);
                return (tokens, Math.Max(1, (long)Math.Ceiling((double)wait / _context.Time.TimestampFrequency)));
            default:
                return (LeaseOf(policy, now)?.Left(now) ?? 0, Math.Max(1, (long)Math.Ceiling(UntilEnd(policy).TotalSeconds)));
        }
    }

    /// <summary>What this instance has admitted of a policy that is not counted. The parts of others are neither used nor to be had here.</summary>
    public long Taken(Policy policy) => policy.Window == PolicyWindow.Burst ? _bucket!.Taken(_context.Time.GetTimestamp()) : _gate.Running;

    /// <summary>Units that this instance has leased and not spent.</summary>
    public long Unspent(Policy policy) => LeaseOf(policy, _context.Time.GetTimestamp()) is { } lease ? Math.Max(0, lease.Balance - lease.Debt) : 0;

    /// <summary>Forgets that a policy is exhausted: its counter was changed by an operator.</summary>
    public void LookAgain(Policy policy) => LeaseOf(policy, _context.Time.GetTimestamp())?.LookAgain();

    private WindowLease? LeaseOf(Policy policy, long now)
    {
        foreach (var ledger in _ledgers)
        {
            if (ReferenceEquals(ledger.Policy, policy))
            {
                return ledger.Usable(now);
            }
        }

        return null;
    }

    private QuotaAdmission Refuse(Refusal refusal)
    {
        Counted(refusal);
        return new QuotaAdmission(refusal, new QuotaLease(this, null));
    }

    private Refusal Counted(Refusal refusal)
    {
        _context.Metrics.Refused(refusal.Code, refusal.Policy ?? "");
        return refusal;
    }

    private Refusal Refusal(Policy policy, SpendResult result, long units = 1) => result == SpendResult.Exhausted
        ? Refusals.Exhausted(policy, units > policy.Amount ? null : UntilEnd(policy))
        : Refusals.Unavailable(policy);

    private TimeSpan UntilEnd(Policy policy)
    {
        var now = _context.Time.GetTimestamp();
        var window = Window.At(policy.Window, _context.Clock.At(now).Earliest);
        return _context.Clock.UntilCertainlyAt(window.End.Ticks, now);
    }
}
