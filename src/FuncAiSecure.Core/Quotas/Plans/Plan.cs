using System.Collections.Immutable;

namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>A validated plan; its policies go from the shortest window to the longest.</summary>
internal sealed class Plan
{
    public Plan(string name, ImmutableArray<Policy> policies)
    {
        Name = name;
        Policies = policies;
        Burst = policies.FirstOrDefault(policy => policy.Window == PolicyWindow.Burst);
        Concurrency = policies.FirstOrDefault(policy => policy.Window == PolicyWindow.Concurrent);
        Counted = [.. policies.Where(policy => policy.IsCounted)];
        PolicyField = RateLimitFields.FormatPolicies(policies);
    }

    public string Name { get; }
    public ImmutableArray<Policy> Policies { get; }
    public Policy? Burst { get; }
    public Policy? Concurrency { get; }
    public ImmutableArray<Policy> Counted { get; }

    /// <summary>The value of <c>RateLimit-Policy</c>; it never changes, so it is made once.</summary>
    public string PolicyField { get; }
}
