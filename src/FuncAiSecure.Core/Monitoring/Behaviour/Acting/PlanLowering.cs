using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Acting;

/// <summary>
/// Puts a principal on a lower plan for a while. A plan that an operator has set is left alone, before and after. What was lowered is
/// noted first, so that no crash leaves a plan lowered for good.
/// </summary>
internal sealed class PlanLowering(IPlanControl plans, IBehaviourStore store, BehaviourOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Lowers a principal's plan, or keeps it lowered for longer; not where the plan of its credential is lower already.</summary>
    public async ValueTask LowerAsync(Principal caller, CancellationToken ct)
    {
        // Misbehaving must not pay.
        if (options.LowerPlan is not { } plan || plans.GrantsMore(plan, caller.Plan))
        {
            return;
        }

        var principal = caller.Id;
        var set = await plans.FindSetAsync(principal, ct).ConfigureAwait(false);
        if (set is not null && set.Length > 0 && set != plan)
        {
            return;
        }

        if (set == plan && !await IsOursAsync(principal, ct).ConfigureAwait(false))
        {
            return;
        }

        var lowered = new LoweredPlan(principal.Value, plan, time.GetUtcNow() + options.LowerPlanFor);
        if (set is not null
            && await store.AddLoweredAsync(lowered, ct).ConfigureAwait(false)
            && await plans.SetAsync(principal, plan, ct).ConfigureAwait(false))
        {
            BehaviourLog.PlanLowered(log, principal.Value, plan, lowered.Until);
        }
        else
        {
            BehaviourLog.PlanUnchanged(log, principal.Value);
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

    private async ValueTask<bool> IsOursAsync(PrincipalId principal, CancellationToken ct) =>
        await store.ListLoweredAsync(ct).ConfigureAwait(false) is { } all && all.Any(lowered => lowered.Principal == principal.Value);

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
