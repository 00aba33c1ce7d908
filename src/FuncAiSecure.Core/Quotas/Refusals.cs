using System.Collections.Immutable;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>The refusals of this stage.</summary>
internal static class Refusals
{
    private static readonly TimeSpan AboutARequest = TimeSpan.FromSeconds(1);

    public static Refusal Concurrency(Policy policy) => new(RefusalCode.ConcurrencyExceeded)
    {
        Detail = "Too many requests of this caller run at once.",
        RetryAfter = AboutARequest,
        Policy = policy.Name,
    };

    public static Refusal Burst(Policy policy, TimeSpan wait) => new(RefusalCode.RateLimited)
    {
        Detail = "Requests come faster than the plan allows.",
        RetryAfter = wait,
        Policy = policy.Name,
    };

    public static Refusal UsageReads(TimeSpan wait) => new(RefusalCode.RateLimited)
    {
        Detail = "Usage is asked for too often. It is told with every metered answer as well.",
        RetryAfter = wait,
    };

    /// <param name="policy">The exhausted policy.</param>
    /// <param name="wait">Until the next window; null if the request asks for more than any window has.</param>
    public static Refusal Exhausted(Policy policy, TimeSpan? wait) =>
        new(policy.Window == PolicyWindow.Minute ? RefusalCode.RateLimited : RefusalCode.QuotaExceeded)
        {
            Detail = wait is null ? "The request needs more than the plan allows in a whole window." : "The plan's amount for this window is spent.",
            RetryAfter = wait,
            Policy = policy.Name,
        };

    public static Refusal Unavailable(Policy? policy) => new(RefusalCode.DependencyUnavailable)
    {
        Detail = "Quotas cannot be counted at the moment.",
        RetryAfter = AboutARequest,
        Policy = policy?.Name,
    };

    /// <param name="policy">The policy whose window could not be started anew.</param>
    /// <param name="anew">Those whose windows were.</param>
    public static Refusal Unavailable(Policy policy, ImmutableArray<string> anew)
    {
        var refusal = Unavailable(policy);
        return anew.IsEmpty ? refusal : refusal with { Detail = $"{refusal.Detail} Started anew before: {string.Join(", ", anew)}." };
    }

    public static Refusal PlanUnknown() => new(RefusalCode.DependencyUnavailable)
    {
        Detail = "The caller's plan is not configured in this deployment.",
        RetryAfter = TimeSpan.FromSeconds(30),
    };
}
