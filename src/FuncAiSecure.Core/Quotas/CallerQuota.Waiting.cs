using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>The way of a request whose leases are not warm: it waits for the counters.</summary>
internal sealed partial class CallerQuota
{
    private const int MaxRounds = 4;

    private async ValueTask<Refusal?> ReserveUnitsSlowAsync(Reservation reservation, long units, CancellationToken ct)
    {
        try
        {
            var refusal = await SpendAsync(reservation, QuotaUnit.InputUnits, units, ct);
            if (refusal is not null)
            {
                Release(reservation, QuotaUnit.InputUnits);
                Counted(refusal);
            }

            return refusal;
        }
        catch
        {
            Release(reservation, QuotaUnit.InputUnits);
            throw;
        }
    }

    /// <summary>
    /// Asks all policies side by side; what was spent is in the reservation, whatever the end. A window that ended while
    /// another policy's counter was asked is asked again: each unit counts in the window in which the request is admitted.
    /// </summary>
    private async ValueTask<Refusal?> SpendAsync(Reservation reservation, QuotaUnit unit, long units, CancellationToken ct)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await SpendMissingAsync(reservation, unit, units, ct) is { } refusal)
            {
                return refusal;
            }

            if (AllStillCount(reservation, unit))
            {
                return null;
            }
        }

        return Refusals.Unavailable(null);
    }

    private async ValueTask<Refusal?> SpendMissingAsync(Reservation reservation, QuotaUnit unit, long units, CancellationToken ct)
    {
        var spends = new Task<(SpendResult Result, long At)>?[_ledgers.Length];
        for (var i = 0; i < spends.Length; i++)
        {
            spends[i] = Counts(i, unit, reservation.Model) && !reservation.Holds(i) ? _ledgers[i].SpendAsync(units, ct).AsTask() : null;
        }

        Refusal? refusal = null;
        for (var i = 0; i < spends.Length; i++)
        {
            if (spends[i] is not { } spend)
            {
                continue;
            }

            await ((Task)spend).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (spend is { IsCompletedSuccessfully: true, Result: { Result: SpendResult.Spent, At: var at } })
            {
                reservation.Hold(i, units, at);
            }
            else if (spend.IsCompletedSuccessfully)
            {
                refusal ??= Refusal(_ledgers[i].Policy, spend.Result.Result, units);
            }
        }

        ct.ThrowIfCancellationRequested();

        // A counter that failed by a defect has not said yes.
        await Task.WhenAll(spends.OfType<Task>());
        return refusal;
    }

    private bool AllStillCount(Reservation reservation, QuotaUnit unit)
    {
        var now = _context.Time.GetTimestamp();
        var all = true;
        for (var i = 0; i < _ledgers.Length; i++)
        {
            if (_ledgers[i].Policy.Unit == unit && reservation.SpentAt(i) is { } at && !_ledgers[i].StillCounts(at, now))
            {
                reservation.Release(i);
                all = false;
            }
        }

        return all;
    }
}
