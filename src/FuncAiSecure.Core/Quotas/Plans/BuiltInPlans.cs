namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>What holds where nothing is configured: a modest plan for callers and a roomier one for operators.</summary>
internal static class BuiltInPlans
{
    /// <summary>The plan that grants nothing: the app proves with it at start that this control refuses. The name is taken.</summary>
    public const string SelfCheck = "self-check";

    public static PlanOptions Nothing() => new()
    {
        Policies = { ["nothing"] = new PolicyOptions { Window = PolicyWindow.Day, Amount = 0 } },
    };

    public static IDictionary<string, PlanOptions> Create() => new Dictionary<string, PlanOptions>(StringComparer.Ordinal)
    {
        ["standard"] = Plan(burst: 40, concurrent: 8, minute: 600, day: 20_000, inputUnitsMonth: 20_000_000),
        ["operator"] = Plan(burst: 100, concurrent: 16, minute: 3_000, day: 200_000, inputUnitsMonth: 200_000_000),
    };

    private static PlanOptions Plan(long burst, long concurrent, long minute, long day, long inputUnitsMonth) => new()
    {
        Policies =
        {
            ["burst"] = new PolicyOptions { Window = PolicyWindow.Burst, Amount = burst },
            ["concurrent"] = new PolicyOptions { Window = PolicyWindow.Concurrent, Amount = concurrent },
            ["minute"] = new PolicyOptions { Window = PolicyWindow.Minute, Amount = minute },
            ["day"] = new PolicyOptions { Window = PolicyWindow.Day, Amount = day },
            ["units-month"] = new PolicyOptions { Window = PolicyWindow.Month, Unit = QuotaUnit.InputUnits, Amount = inputUnitsMonth },
        },
    };
}
