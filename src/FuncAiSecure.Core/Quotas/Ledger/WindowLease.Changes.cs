namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>Decisions: what the lease wants of its counter, and what it does with the answer.</summary>
internal sealed partial class WindowLease
{
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromMilliseconds(20);

    RowChange? IRowOwner.Decide(WindowRow row, long op)
    {
        lock (_gate)
        {
            var now = _context.NowSeconds();
            if (_giveBack > 0)
            {
                var back = _giveBack;
                _giveBack = 0;
                See(row, back, now);
                return new RowChange(op, row.TakeBack(_id, op, back, Balance, now), TakenBack: back);
            }

            var debt = Debt;
            var left = Math.Max(0, _policy.Amount - row.Outstanding - debt);
            var balance = Balance;
            var need = Need(left + balance);
            NoteDemand(need, balance);
            var target = _returning ? 0 : BlockSize.Target(row, _id, _policy.Amount, left, _rate.PerSecond, _context.Options.LeaseDuration, now);
            Volatile.Write(ref _lowWater, target == 0 ? -1 : LowWater(target));
            var block = Math.Min(left, Math.Max(0, need + target - balance));
            See(row, -block - debt, now);
            if (block == 0 && debt == 0)
            {
                Volatile.Write(ref _lowWater, -1);
                return null;
            }

            var held = Math.Max(0, balance + block - need);
            return new RowChange(op, row.Grant(_id, op, block + debt, held, now, _policy.Amount), Granted: block, Counted: debt);
        }
    }

    void IRowOwner.Stands(RowChange change)
    {
        Interlocked.Add(ref _debt, -change.Counted);
        Interlocked.Add(ref _balance, change.Granted);
        _balanceNoted += change.Granted;
    }

    void IRowOwner.Fell(RowChange change)
    {
        lock (_gate)
        {
            _giveBack += change.TakenBack;
        }
    }

    void IRowOwner.Lost(RowChange change) => Interlocked.Add(ref _debt, -change.Counted);

    /// <summary>What the waiters need that this window can still give; those that ask for more are refused when the flight lands.</summary>
    private long Need(long available)
    {
        var need = 0L;
        foreach (var waiter in _waiters)
        {
            if (waiter.Units <= available - need)
            {
                need += waiter.Units;
            }
        }

        return need;
    }

    private void NoteDemand(long need, long balance)
    {
        var now = _context.Time.GetTimestamp();
        var span = _context.Time.GetElapsedTime(_notedAt, now);
        if (span < ShortestSpan)
        {
            return; // a retry after a conflict: not a new observation
        }

        _rate.Note(_balanceNoted - balance + need, span);
        _notedAt = now;
        _balanceNoted = balance - need;
    }

    private long LowWater(long target) => Math.Min(target / 2, (long)(_rate.PerSecond * RenewAhead.TotalSeconds));

    private void See(WindowRow row, long change, long nowSeconds)
    {
        var now = _context.Time.GetTimestamp();
        var left = Math.Max(0, _policy.Amount - row.Outstanding + change);
        _sight = Sight.Of(_sight, row, _id, _policy.Amount, left, nowSeconds, now, _context.Time);
        _instances = 1 + BlockSize.Others(row, _id, nowSeconds).Count;
    }
}
