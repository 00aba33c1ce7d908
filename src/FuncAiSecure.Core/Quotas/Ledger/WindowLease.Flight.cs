namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>Flights: how a lease gets blocks from its counter and gives them back.</summary>
internal sealed partial class WindowLease
{
    private Task _flight = Task.CompletedTask;
    private bool _flying;
    private bool _returning;
    private long _giveBack;
    private long _notedAt;
    private long _balanceNoted;

    /// <summary>Waits for units; the flight is shared, and goes on when this caller gives up.</summary>
    public async ValueTask<SpendResult> SpendAsync(long units, CancellationToken ct)
    {
        var waiter = new Waiter(units);
        lock (_gate)
        {
            _waiters.Add(waiter);
            Volatile.Write(ref _waiting, _waiters.Count);
            Volatile.Write(ref _lastUsed, _context.Time.GetTimestamp());
            Fly();
        }

        try
        {
            return await waiter.Task.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            Abandon(waiter);
            throw;
        }
    }

    /// <summary>True if something is to be counted or given back, and no flight is on its way to do it.</summary>
    public bool HasUnfinished
    {
        get
        {
            lock (_gate)
            {
                return !_flying && (_giveBack > 0 || Debt > 0);
            }
        }
    }

    /// <summary>Fetches the next block, and counts what was spent without one, if that is wanted; waits for nothing.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            Fly();
        }
    }

    /// <summary>Gives every unspent unit back, once no waiter needs it. The task ends when the counter knows, or could not be told.</summary>
    public Task ReturnAsync()
    {
        lock (_gate)
        {
            _returning = true;
            if (!_flying)
            {
                TakeUnspent();
            }

            if (_giveBack > 0 || Debt > 0)
            {
                Fly();
            }

            return _flight;
        }
    }

    private void TakeUnspent()
    {
        if (_returning && _waiters.Count == 0)
        {
            var unspent = Interlocked.Exchange(ref _balance, 0);
            _giveBack += unspent;
            _balanceNoted -= unspent;
            _returning = false;
            Volatile.Write(ref _lowWater, -1);
        }
    }

    private void Abandon(Waiter waiter)
    {
        lock (_gate)
        {
            if (_waiters.Remove(waiter))
            {
                Volatile.Write(ref _waiting, _waiters.Count);
                return;
            }
        }

        if (waiter.Task is { IsCompletedSuccessfully: true, Result: SpendResult.Spent })
        {
            Refund(waiter.Units);
        }
    }

    private void Fly()
    {
        if (!_flying)
        {
            _flying = true;
            _flight = FlyAsync();
        }
    }

    private async Task FlyAsync()
    {
        await Task.Yield(); // nothing of a flight runs under the lock that started it
        StepOutcome outcome;
        do
        {
            outcome = await StepAsync();
        }
        while (!Land(outcome)); // each step serves or refuses every waiter that it found, so this ends when no more come
    }

    private async Task<StepOutcome> StepAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(_context.Options.AcquireTimeout, _context.Time);
            var outcome = await _session.StepAsync(this, timeout.Token);
            Extend(_context.Time.GetTimestamp());
            return outcome;
        }
        catch (OperationCanceledException)
        {
            return StepOutcome.Unavailable;
        }
        catch (Exception error)
        {
            // A defect; the lease must not stay in flight for ever, and its waiters are refused.
            QuotaLog.FlightFailed(_context.Log, error);
            return StepOutcome.Unavailable;
        }
    }

    /// <summary>Hands units to waiters, first come first served; false if there is more to do in this flight.</summary>
    private bool Land(StepOutcome outcome)
    {
        lock (_gate)
        {
            var now = _context.Time.GetTimestamp();
            Serve(Take, SpendResult.Spent);
            if (outcome == StepOutcome.Unavailable)
            {
                Volatile.Write(ref _unavailableUntil, now + _context.Ticks(Cooldown));
                QuotaLog.CounterUnavailable(_context.Log, _policy.Name);
            }
            else
            {
                Volatile.Write(ref _unavailableUntil, long.MinValue);
                Volatile.Write(ref _landedLeft, _sight?.Left ?? 0);
                Volatile.Write(ref _landedGoodUntil, now + _context.Ticks(Recheck));
                Serve(units => units > _landedLeft + Balance, SpendResult.Exhausted);
                TakeUnspent();
                if (_waiters.Count > 0 || _giveBack > 0)
                {
                    return false;
                }
            }

            Serve(units => SpendWithoutStore(units) == SpendResult.Spent, SpendResult.Spent);
            Serve(_ => true, SpendResult.Unavailable);
            Volatile.Write(ref _renewalAsked, 0);
            _flying = false;
            return true;
        }
    }

    private void Serve(Func<long, bool> holds, SpendResult result)
    {
        for (var i = 0; i < _waiters.Count;)
        {
            if (holds(_waiters[i].Units))
            {
                _waiters[i].SetResult(result);
                _waiters.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }

        Volatile.Write(ref _waiting, _waiters.Count);
    }
}
