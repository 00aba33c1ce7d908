using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// One policy of one caller on this instance, window after window. A request is counted in a window only while the
/// service's clock is certainly inside it; in the short time around a boundary when that is not certain, requests wait.
/// </summary>
internal sealed class PolicyLedger(LedgerContext context, PrincipalId principal, Policy policy)
{
    private const int MaxWindows = 3;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>Any answer of the service may say meanwhile which window it is.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly DemandRate _rate = new();
    private readonly List<WindowLease> _ended = [];
    private volatile WindowLease? _current;
    private volatile int _before = 1;

    public Policy Policy => policy;

    /// <summary>The lease that counts now, or null if none is usable.</summary>
    public WindowLease? Usable(long now) => _current is { } lease && now < lease.UsableUntil ? lease : null;

    /// <summary>Has every counter been told what it must know?</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
            {
                return _ended.Append(_current).OfType<WindowLease>().All(lease => lease.Debt == 0 && !lease.HasUnfinished);
            }
        }
    }

    /// <summary>How many instances lease from the counter, by this window or the one just before it.</summary>
    public int Instances(long now) => Math.Max(_before, Usable(now)?.Instances ?? 1);

    /// <summary>True if a spend is in the window that counts now.</summary>
    public bool StillCounts(long spentAt, long now) => Usable(now) is { } lease && lease.UsableFrom <= spentAt;

    public SpendResult TrySpend(long units, long now) => Usable(now)?.TrySpend(units, now) ?? SpendResult.Wait;

    /// <summary>Spends units, after asking the counter if need be. The timestamp is a moment of the window that they are counted in.</summary>
    public async ValueTask<(SpendResult Result, long At)> SpendAsync(long units, CancellationToken ct)
    {
        for (var windows = 0; windows < MaxWindows; windows++)
        {
            var lease = await CurrentAsync(ct);
            var result = lease.TrySpend(units, context.Time.GetTimestamp());
            if (result == SpendResult.Wait)
            {
                result = await lease.SpendAsync(units, ct);
            }

            var now = context.Time.GetTimestamp();
            if (now < lease.UsableUntil)
            {
                return (result, now);
            }

            // The window ended meanwhile: its units cannot pay for a request of the next one.
            if (result == SpendResult.Spent)
            {
                lease.Refund(units);
            }
        }

        return (SpendResult.Unavailable, 0);
    }

    /// <summary>Gives back what was spent at <paramref name="spentAt"/>, unless that window is over.</summary>
    public void Refund(long units, long spentAt)
    {
        if (_current is { } lease && lease.UsableFrom <= spentAt)
        {
            lease.Refund(units);
        }
    }

    /// <summary>Returns what lies idle, and finishes what could not be finished before.</summary>
    public void Tend(long now)
    {
        if (_current is { } lease)
        {
            if (lease.HasUnfinished)
            {
                lease.Renew();
            }
            else if (lease.Balance > 0 && now < lease.UsableUntil && now - lease.LastUsed > context.Ticks(context.Options.IdleReturn))
            {
                _ = lease.ReturnAsync();
            }
        }

        lock (_gate)
        {
            _ended.RemoveAll(old => old.Debt == 0);
            if (_ended is [var oldest, ..])
            {
                // One after the other: a long outage leaves many, and together they would ask ever more of a service that is down.
                oldest.Renew();
            }
        }
    }

    /// <summary>Returns everything; the task ends when the counters know, or could not be told.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll([.. _ended.Append(_current).OfType<WindowLease>().Select(lease => lease.ReturnAsync())]);
        }
    }

    private async ValueTask<WindowLease> CurrentAsync(CancellationToken ct)
    {
        while (true)
        {
            var now = context.Time.GetTimestamp();
            if (Usable(now) is { } usable)
            {
                return usable;
            }

            var (earliest, latest) = context.Clock.At(now);
            var window = Window.At(policy.Window, earliest);
            if (latest < window.End.Ticks)
            {
                return Open(window, now);
            }

            var wait = context.Clock.UntilCertainlyAt(window.End.Ticks, now);
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestWait.Ticks, LongestWait.Ticks)), context.Time, ct);
        }
    }

    private WindowLease Open(Window window, long now)
    {
        lock (_gate)
        {
            if (_current is { } current)
            {
                if (current.Window == window)
                {
                    // Bounds that an answer has narrowed since: the window is certain again.
                    current.Extend(now);
                    return current;
                }

                _before = current.Window.End == window.Start ? current.Instances : 1;
                if (current.Debt > 0)
                {
                    _ended.Add(current);
                }
            }

            return _current = new WindowLease(context, policy, window, QuotaKeys.Counter(principal, policy, window), _rate, now);
        }
    }
}
