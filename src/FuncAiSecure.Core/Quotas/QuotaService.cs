using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>
/// Rate limits and quotas of every caller: admits requests against leased blocks, so that a plan's amounts hold over all
/// instances and a request does not wait for storage while its caller's leases are warm.
/// </summary>
/// <example>
/// <code>
/// var admission = await quotas.AdmitAsync(principal, model, ct);
/// if (admission.Refusal is { } refusal) { return refusal; }
/// var refused = await admission.Lease.ReserveInputUnitsAsync(units, ct);
/// ... run ...
/// admission.Lease.Complete(ran: true);   // in a finally; false if inference never started
/// </code>
/// </example>
public sealed partial class QuotaService
{
    private readonly LedgerContext _context;
    private readonly PlanCatalog _plans;
    private readonly CallerTable _callers;

    internal QuotaService(LedgerContext context, PlanCatalog plans)
    {
        _context = context;
        _plans = plans;
        _callers = new CallerTable(context, plans);
    }

    /// <summary>The names of the configured plans.</summary>
    public IEnumerable<string> PlanNames => _plans.Names;

    internal LedgerContext Context => _context;

    /// <summary>
    /// Reserves one request of a caller against burst, concurrency and every counted policy. Completes synchronously and
    /// allocates nothing while the caller's leases are warm.
    /// </summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="model">The model that is asked for; null where the request is about none.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>A lease to complete once, or a refusal: rate-limited, quota-exceeded, concurrency-exceeded, or
    /// dependency-unavailable if a counter cannot be asked.</returns>
    public ValueTask<QuotaAdmission> AdmitAsync(Principal principal, string? model, CancellationToken ct)
    {
        var now = _context.Time.GetTimestamp();
        var slot = _callers.SlotOf(principal.Id, principal.Plan);
        return slot.Fresh(now) is { } caller && caller.TryAdmit(model, now, out var admission)
            ? new ValueTask<QuotaAdmission>(admission)
            : AdmitSlowAsync(slot, model, ct);
    }

    /// <summary>Upkeep of every caller; starts what is due and waits for nothing.</summary>
    internal void Tend()
    {
        var now = _context.Time.GetTimestamp();
        foreach (var slot in _callers.All)
        {
            slot.Tend(now);
        }

        _callers.ForgetIdle(now);
    }

    /// <summary>Returns every lease.</summary>
    internal Task CloseAsync() => Task.WhenAll([.. _callers.All.Select(slot => slot.CloseAsync())]);

    private async ValueTask<QuotaAdmission> AdmitSlowAsync(CallerSlot slot, string? model, CancellationToken ct)
    {
        var now = _context.Time.GetTimestamp();
        var caller = slot.Fresh(now);
        if (caller is null)
        {
            // Upkeep looks again while the caller calls; each of its requests would be a call of the table.
            if (slot.IsPlanUnknown(now))
            {
                return new QuotaAdmission(Refusals.PlanUnknown(), default);
            }

            (var outcome, caller) = await slot.LoadAsync(ct);
            if (caller is null)
            {
                return new QuotaAdmission(outcome == StoreOutcome.Missing ? Refusals.PlanUnknown() : Refusals.Unavailable(null), default);
            }
        }

        return await caller.AdmitAsync(model, ct);
    }
}
