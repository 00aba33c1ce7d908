using System.Collections.Immutable;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>One caller's plan on this instance: burst, concurrency and the leases of the counted policies.</summary>
internal sealed partial class CallerQuota
{
    private readonly LedgerContext _context;
    private readonly ReservationPool _pool;
    private readonly ConcurrencyGate _gate;
    private readonly TokenBucket? _bucket;
    private readonly ImmutableArray<PolicyLedger> _ledgers;

    public CallerQuota(LedgerContext context, ReservationPool pool, PrincipalId principal, Plan plan, ConcurrencyGate gate)
    {
        _context = context;
        _pool = pool;
        _gate = gate;
        Plan = plan;
        Principal = principal;
        _ledgers = [.. plan.Counted.Select(policy => new PolicyLedger(context, principal, policy))];
        _bucket = plan.Burst is { } burst
            ? new TokenBucket(burst.Amount, burst.RefillPerSecond, context.Time.TimestampFrequency)
            : null;
    }

    public Plan Plan { get; }

    public PrincipalId Principal { get; }

    public ConcurrencyGate Gate => _gate;

    /// <summary>Admits or refuses if that can be decided here and now; false if a counter has to be asked.</summary>
    public bool TryAdmit(string? model, long now, out QuotaAdmission admission)
    {
        if (TryEnter(now, out var burst) is { } refused)
        {
            admission = Refuse(refused);
            return true;
        }

        var reservation = Rent(model, burst);
        for (var i = 0; i < _ledgers.Length; i++)
        {
            if (!Counts(i, QuotaUnit.Requests, model))
            {
                continue;
            }

            var result = _ledgers[i].TrySpend(1, now);
            if (result != SpendResult.Spent)
            {
                Abandon(reservation);
                admission = result == SpendResult.Wait ? default : Refuse(Refusal(_ledgers[i].Policy, result));
                return result != SpendResult.Wait;
            }

            reservation.Hold(i, 1, now);
        }

        admission = new QuotaAdmission(new QuotaLease(this, reservation));
        return true;
    }

    /// <summary>Admits or refuses after asking the counters that must be asked.</summary>
    public async ValueTask<QuotaAdmission> AdmitAsync(string? model, CancellationToken ct)
    {
        if (TryEnter(_context.Time.GetTimestamp(), out var burst) is { } refused)
        {
            return Refuse(refused);
        }

        var reservation = Rent(model, burst);
        Refusal? refusal;
        try
        {
            refusal = await SpendAsync(reservation, QuotaUnit.Requests, 1, ct);
        }
        catch
        {
            Abandon(reservation);
            throw;
        }

        if (refusal is not null)
        {
            Abandon(reservation);
            return Refuse(refusal);
        }

        return new QuotaAdmission(new QuotaLease(this, reservation));
    }

    public ValueTask<Refusal?> ReserveUnitsAsync(Reservation reservation, long units, CancellationToken ct)
    {
        var now = _context.Time.GetTimestamp();
        for (var i = 0; i < _ledgers.Length; i++)
        {
            if (!Counts(i, QuotaUnit.InputUnits, reservation.Model))
            {
                continue;
            }

            var result = _ledgers[i].TrySpend(units, now);
            if (result != SpendResult.Spent)
            {
                Release(reservation, QuotaUnit.InputUnits);
                return result == SpendResult.Wait
                    ? ReserveUnitsSlowAsync(reservation, units, ct)
                    : new ValueTask<Refusal?>(Counted(Refusal(_ledgers[i].Policy, result, units)));
            }

            reservation.Hold(i, units, now);
        }

        return new ValueTask<Refusal?>((Refusal?)null);
    }

    public void Complete(Reservation reservation, bool ran)
    {
        _gate.Leave();
        if (!ran)
        {
            _bucket?.Refund(reservation.Burst);
            Release(reservation, QuotaUnit.Requests);
            Release(reservation, QuotaUnit.InputUnits);
        }

        _pool.Return(reservation);
    }

    /// <summary>Does nothing remain that a caller, or the counters, would miss?</summary>
    public bool IsAtRest(long now) => _bucket?.IsFull(now) != false && IsSettled;

    /// <summary>Has every counter been told what it must know?</summary>
    public bool IsSettled => _ledgers.All(ledger => ledger.IsSettled);

    /// <summary>Returns what is idle and finishes what is unfinished.</summary>
    public void Tend(long now)
    {
        foreach (var ledger in _ledgers)
        {
            ledger.Tend(now);
        }

        ShareBurst(now);
    }

    /// <summary>Returns every lease.</summary>
    public Task CloseAsync() => Task.WhenAll([.. _ledgers.Select(ledger => ledger.CloseAsync())]);

    private void ShareBurst(long now)
    {
        if (_bucket is not null && _ledgers.Length > 0)
        {
            // Not every policy counts every request: whichever counter sees most of the others knows best who is there.
            _bucket.Share(_ledgers.Max(ledger => ledger.Instances(now)));
        }
    }

    private bool Counts(int i, QuotaUnit unit, string? model)
    {
        var policy = _ledgers[i].Policy;
        return policy.Unit == unit && policy.AppliesTo(model);
    }

    private Reservation Rent(string? model, TokenBucket.Token burst)
    {
        var reservation = _pool.Rent();
        reservation.Begin(model, burst);
        return reservation;
    }

    private void Abandon(Reservation reservation)
    {
        if (reservation.TryEnd(reservation.Version))
        {
            Complete(reservation, ran: false);
        }
    }

    private void Release(Reservation reservation, QuotaUnit unit)
    {
        for (var i = 0; i < _ledgers.Length; i++)
        {
            if (_ledgers[i].Policy.Unit == unit && reservation.Release(i) is { Units: > 0 } held)
            {
                _ledgers[i].Refund(held.Units, held.SpentAt);
            }
        }
    }

    private Refusal? TryEnter(long now, out TokenBucket.Token burst)
    {
        burst = default;
        if (Plan.Concurrency is { } concurrency)
        {
            if (!_gate.TryEnter(concurrency.Amount))
            {
                return Refusals.Concurrency(concurrency);
            }
        }
        else
        {
            _gate.TryEnter(long.MaxValue);
        }

        if (_bucket is not null && !_bucket.TryTake(now, out burst, out var wait))
        {
            _gate.Leave();
            return Refusals.Burst(Plan.Burst!, TimeSpan.FromSeconds((double)wait / _context.Time.TimestampFrequency));
        }

        return null;
    }
}
