namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>A named set of policies that callers are given.</summary>
public sealed class PlanOptions
{
    /// <summary>Policies by name: lower-case letters, digits and hyphens, at most 32 characters.</summary>
    /// <value>1 to 16 policies, at most one burst and one concurrency limit.</value>
    public IDictionary<string, PolicyOptions> Policies { get; } = new Dictionary<string, PolicyOptions>(StringComparer.Ordinal);
}
