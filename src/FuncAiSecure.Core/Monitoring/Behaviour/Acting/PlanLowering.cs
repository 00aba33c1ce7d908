using System.Collections.Concurrent;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Acting;

/// <summary>
/// Puts a principal on a lower plan for a while. A plan that an operator has set is left alone, before and after. What was lowered is
/// noted first, so that no crash leaves a plan lowered for good. What cannot be lowered for now is tried again by each round.
/// </summary>
internal sealed class PlanLowering(
    IPlanControl plans, IBehaviourStore store, BehaviourOptions options, Func<AuditRecord, bool> record, TimeProvider time, ILogger log)
{
    private const int MaxPending = 1_024;

    private readonly ConcurrentDictionary<PrincipalId, Principal> _pending = new();

    /// <summary>Lowers a principal's plan, or keeps it lowered for longer; not where the plan of its credential is lower already.</summary>
    public async ValueTask LowerAsync(Principal caller, CancellationToken ct)
    {
        if (options.LowerPlan is not { } plan || await TryLowerAsync(caller, plan, ct).ConfigureAwait(false))
        {
            _pending.TryRemove(caller.Id, out _);
            return;
        }

        BehaviourLog.PlanUnchanged(log, caller.Id.Value);
        if (_pending.Count < MaxPending || _pending.ContainsKey(caller.Id))
        {
            _pending[caller.Id] = caller;
        }
    }

    /// <summary>Tries again what could not be lowered, each principal by its last signal.</summary>
    public async ValueTask RetryAsync(CancellationToken ct)
    {
        foreach (var pending in _pending)
        {
            // A later signal's entry stays.
            if (options.LowerPlan is { } plan && await TryLowerAsync(pending.Value, plan, ct).ConfigureAwait(false))
            {
                _pending.TryRemove(pending);
            }
        }
    }

    /// <summary>Gives plans back whose time has come. What cannot be given back stays noted for the next round.</summary>
    public async ValueTask RestoreAsync(CancellationToken ct)
    {
        foreach (var lowered in await store.ListLoweredAsync(ct).ConfigureAwait(false) ?? [])
        {
            if (lowered.Until <= time.GetUtcNow() && PrincipalId.TryParse(lowered.Principal, out var principal))
            {
                await RestoreAsync(principal, lowered.Plan, ct).ConfigureAwait(false);
            }
        }
    }

    // False where it must be tried again.
    private async ValueTask<bool> TryLowerAsync(Principal caller, string plan, CancellationToken ct)
    {
        // Misbehaving must not pay.
        if (plans.GrantsMore(plan, caller.Plan))
        {
            return true;
        }

        if (await plans.FindSetAsync(caller.Id, ct).ConfigureAwait(false) is not { } set)
        {
            return false;
        }

        if (set.Length > 0 && set != plan)
        {
            return true;
        }

        if (set == plan)
        {
            var isOurs = await IsOursAsync(caller.Id, ct).ConfigureAwait(false);
            if (isOurs is not true)
            {
                return isOurs is not null;
            }
        }

        var lowered = new LoweredPlan(caller.Id.Value, plan, time.GetUtcNow() + options.LowerPlanFor);
        if (!await store.AddLoweredAsync(lowered, ct).ConfigureAwait(false) || !await plans.SetAsync(caller.Id, plan, ct).ConfigureAwait(false))
        {
            return false;
        }

        BehaviourLog.PlanLowered(log, lowered.Principal, plan, lowered.Until);
        record(new AuditRecord { Action = SignalResponder.Action, Outcome = AuditOutcomes.PlanLowered, Principal = caller, Subject = $"plan {plan}" });
        return true;
    }

    // Null where that is not known.
    private async ValueTask<bool?> IsOursAsync(PrincipalId principal, CancellationToken ct) =>
        (await store.ListLoweredAsync(ct).ConfigureAwait(false))?.Any(lowered => lowered.Principal == principal.Value);

    private async ValueTask RestoreAsync(PrincipalId principal, string plan, CancellationToken ct)
    {
        var set = await plans.FindSetAsync(principal, ct).ConfigureAwait(false);
        if (set == plan && await plans.SetAsync(principal, null, ct).ConfigureAwait(false))
        {
            BehaviourLog.PlanRestored(log, principal.Value);
        }
        else if (set is null || set == plan)
        {
            BehaviourLog.PlanUnchanged(log, principal.Value);
            return;
        }

        await store.RemoveLoweredAsync(principal.Value, ct).ConfigureAwait(false);
    }
}
