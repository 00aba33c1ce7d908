using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Acting;

/// <summary>What is done to plans.</summary>
internal interface IPlanControl
{
    /// <summary>The plan that was set for a principal over its credential's; an empty text where none was, null if that is not known.</summary>
    ValueTask<string?> FindSetAsync(PrincipalId principal, CancellationToken ct);

    /// <summary>Whether a plan grants more of anything than a credential's own, null for the default one.</summary>
    bool GrantsMore(string plan, string? own);

    /// <summary>Sets a plan; null goes back to the credential's. False if it could not be done.</summary>
    ValueTask<bool> SetAsync(PrincipalId principal, string? plan, CancellationToken ct);
}

/// <summary>Plans as quotas keep them.</summary>
internal sealed class QuotaPlanControl(QuotaService quotas) : IPlanControl
{
    public async ValueTask<string?> FindSetAsync(PrincipalId principal, CancellationToken ct) =>
        await quotas.GetUsageAsync(principal, null, ct).ConfigureAwait(false) is { } usage
            ? usage.IsOverridden ? usage.Plan : ""
            : null;

    public bool GrantsMore(string plan, string? own) => quotas.GrantsMore(plan, own);

    public async ValueTask<bool> SetAsync(PrincipalId principal, string? plan, CancellationToken ct) =>
        await quotas.SetPlanAsync(principal, plan, ct).ConfigureAwait(false) is null;
}
