using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// What this instance may spend of one principal's policy in one window. Spending is an interlocked subtraction; blocks
/// come and go by flights, one at a time, that all waiters share.
/// </summary>
internal sealed partial class WindowLease : IRowOwner
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewAhead = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private readonly LedgerContext _context;
    private readonly Policy _policy;
    private readonly DemandRate _rate;
    private readonly RowSession _session;
    private readonly string _id;

    private long _balance;
    private long _debt;
    private long _allowed;
    private long _lowWater = -1;
    private long _usableUntil;
    private long _lastUsed;
    private volatile Sight? _sight;
    private volatile int _instances = 1;
    private long _landedLeft;
    private long _landedGoodUntil = long.MinValue;
    private long _unavailableUntil = long.MinValue;
    private int _waiting;
    private int _renewalAsked;

    public WindowLease(LedgerContext context, Policy policy, Window window, RowAddress address, DemandRate rate, long now)
    {
        _context = context;
        _policy = policy;
        _rate = rate;
        _id = context.NextLeaseId();
        _session = new RowSession(context, address, window.End, _id);
        Window = window;
        UsableFrom = now;
        _lastUsed = now;
        _notedAt = now;
        _usableUntil = context.Clock.CertainlyBefore(window.End.Ticks, now);
    }

    public Window Window { get; }

    /// <summary>The local timestamp from which the window has certainly begun.</summary>
    public long UsableFrom { get; }

    /// <summary>The local timestamp up to which the window has certainly not ended.</summary>
    public long UsableUntil => Volatile.Read(ref _usableUntil);

    public long Balance => Math.Max(0, Volatile.Read(ref _balance));

    /// <summary>Units spent that the counter does not know of yet.</summary>
    public long Debt => Volatile.Read(ref _debt);

    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Units that can be had here for certain.</summary>
    public long Left(long now) => _sight is not { } sight
        ? 0
        : Math.Max(0, Balance - Debt) + sight.CertainAfter(_context.Time.GetElapsedTime(sight.At, now));

    /// <summary>How many instances lease from the counter, this one included.</summary>
    public int Instances => _instances;

    /// <summary>Takes better knowledge of the clock.</summary>
    public void Extend(long now) => Volatile.Write(ref _usableUntil, _context.Clock.CertainlyBefore(Window.End.Ticks, now));

    /// <summary>Spends units if that can be decided here and now.</summary>
    public SpendResult TrySpend(long units, long now)
    {
        if (Volatile.Read(ref _waiting) == 0 && Take(units))
        {
            Volatile.Write(ref _lastUsed, now);
            RenewIfLow(now);
            return SpendResult.Spent;
        }

        if (_policy.Shadow)
        {
            // A shadow policy only counts: upkeep soon counts what had no grant, beyond the amount if need be.
            Volatile.Write(ref _lastUsed, now);
            Interlocked.Add(ref _debt, units);
            return SpendResult.Spent;
        }

        if (units > _policy.Amount || (now < Volatile.Read(ref _landedGoodUntil) && units > Volatile.Read(ref _landedLeft) + Balance))
        {
            return SpendResult.Exhausted;
        }

        return now < Volatile.Read(ref _unavailableUntil) ? SpendWithoutStore(units) : SpendResult.Wait;
    }

    /// <summary>Lets the next request that needs it ask the counter, whatever was seen before.</summary>
    public void LookAgain() => Volatile.Write(ref _landedGoodUntil, long.MinValue);

    /// <summary>Gives units back that were spent here and came to nothing.</summary>
    public void Refund(long units) => Interlocked.Add(ref _balance, units);

    private bool Take(long units)
    {
        var balance = Volatile.Read(ref _balance);
        while (balance >= units)
        {
            var seen = Interlocked.CompareExchange(ref _balance, balance - units, balance);
            if (seen == balance)
            {
                return true;
            }

            balance = seen;
        }

        return false;
    }

    private SpendResult SpendWithoutStore(long units)
    {
        // Once a window: what was counted since does not make room for more.
        var allowed = Volatile.Read(ref _allowed);
        while (units <= _policy.EmergencyAllowance - allowed)
        {
            var seen = Interlocked.CompareExchange(ref _allowed, allowed + units, allowed);
            if (seen == allowed)
            {
                Interlocked.Add(ref _debt, units);
                return SpendResult.Spent;
            }

            allowed = seen;
        }

        return SpendResult.Unavailable;
    }

    private void RenewIfLow(long now)
    {
        if (Volatile.Read(ref _balance) <= Volatile.Read(ref _lowWater))
        {
            AskForRenewal(now);
        }
    }

    private void AskForRenewal(long now)
    {
        if (now >= Volatile.Read(ref _unavailableUntil)
            && Volatile.Read(ref _renewalAsked) == 0
            && Interlocked.Exchange(ref _renewalAsked, 1) == 0
            && !_context.Renewals.Writer.TryWrite(this))
        {
            Volatile.Write(ref _renewalAsked, 0);
        }
    }
}
