using System.Collections.Frozen;

namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>The plans of this deployment, from options that passed <see cref="QuotaOptionsValidator"/>.</summary>
internal sealed class PlanCatalog
{
    private readonly FrozenDictionary<string, Plan> _plans;
    private readonly Plan _default;

    public PlanCatalog(QuotaOptions options)
    {
        IDictionary<string, PlanOptions> plans = new Dictionary<string, PlanOptions>(
            options.Plans.Count > 0 ? options.Plans : BuiltInPlans.Create(), StringComparer.Ordinal)
        {
            [BuiltInPlans.SelfCheck] = BuiltInPlans.Nothing(),
        };
        _plans = plans.ToFrozenDictionary(pair => pair.Key, pair => Compile(pair.Key, pair.Value), StringComparer.Ordinal);
        _default = _plans[options.DefaultPlan];
    }

    /// <summary>The plan of a caller whose credential names none.</summary>
    public string DefaultName => _default.Name;

    public IEnumerable<string> Names => _plans.Keys.Where(name => name != BuiltInPlans.SelfCheck).Order(StringComparer.Ordinal);

    /// <summary>Null if a credential or an operator's change names a plan that is not configured: the caller is then refused.</summary>
    public Plan? Find(string? name) => name is null ? _default : _plans.GetValueOrDefault(name);

    private static Plan Compile(string name, PlanOptions options)
    {
        var refill = options.Policies.Values
            .Where(policy => policy is { Window: PolicyWindow.Minute, Unit: QuotaUnit.Requests, Shadow: false, Models.Count: 0 })
            .Select(policy => policy.Amount / 60.0)
            .DefaultIfEmpty(0)
            .Min();
        return new Plan(name,
        [
            .. options.Policies
                .OrderBy(pair => pair.Value.Window)
                .ThenBy(pair => pair.Value.Unit)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => Compile(pair.Key, pair.Value, refill)),
        ]);
    }

    private static Policy Compile(string name, PolicyOptions options, double refill) => new()
    {
        Name = name,
        Window = options.Window!.Value,
        Unit = options.Unit,
        Amount = options.Amount,
        RefillPerSecond = options.RefillPerSecond ?? (refill > 0 ? refill : options.Amount),
        Models = options.Models.Count == 0 ? null : options.Models.ToFrozenSet(StringComparer.Ordinal),
        Shadow = options.Shadow,
        EmergencyAllowance = options.EmergencyAllowance,
    };
}
