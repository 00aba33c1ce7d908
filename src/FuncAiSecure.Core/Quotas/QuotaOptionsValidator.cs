using FuncAiSecure.Core.Quotas.Plans;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Quotas;

/// <summary>Checks what attributes cannot say, and reports every fault at once. <paramref name="models"/> may be absent in tools.</summary>
internal sealed class QuotaOptionsValidator(IModelNames? models = null) : IValidateOptions<QuotaOptions>
{
    private const long MaxAmount = 1_000_000_000_000;
    /// <summary>A request holds something of each of its plan's policies at most.</summary>
    public const int MaxPolicies = 16;

    public ValidateOptionsResult Validate(string? name, QuotaOptions options)
    {
        var faults = new List<string>();
        var plans = options.Plans.Count > 0 ? options.Plans : BuiltInPlans.Create();
        if (!plans.ContainsKey(options.DefaultPlan))
        {
            faults.Add($"{QuotaOptions.SectionName}:DefaultPlan names a plan that is not configured.");
        }

        foreach (var (plan, value) in plans)
        {
            ValidatePlan(plan, value, faults);
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private void ValidatePlan(string name, PlanOptions plan, List<string> faults)
    {
        var path = $"{QuotaOptions.SectionName}:Plans:{name}";
        Require(PolicyName.IsValid(name), path, "a plan's name is 1 to 32 lower-case letters, digits and hyphens", faults);
        Require(name != BuiltInPlans.SelfCheck, path, "the name belongs to the app's own check at start", faults);
        Require(plan.Policies.Count is >= 1 and <= MaxPolicies, path, $"a plan has 1 to {MaxPolicies} policies", faults);
        foreach (var window in (ReadOnlySpan<PolicyWindow>)[PolicyWindow.Burst, PolicyWindow.Concurrent])
        {
            Require(plan.Policies.Values.Count(policy => policy.Window == window) <= 1, path, $"at most one policy is {window}", faults);
        }

        foreach (var (policy, value) in plan.Policies)
        {
            ValidatePolicy($"{path}:Policies:{policy}", policy, value, faults);
        }
    }

    private void ValidatePolicy(string path, string name, PolicyOptions policy, List<string> faults)
    {
        Require(PolicyName.IsValid(name), path, "a policy's name is 1 to 32 lower-case letters, digits and hyphens", faults);
        Require(policy.Window is { } window && Enum.IsDefined(window), path, "Window is Burst, Concurrent, Minute, Hour, Day or Month", faults);
        Require(Enum.IsDefined(policy.Unit), path, "Unit is Requests or InputUnits", faults);
        Require(policy.Amount is >= 1 and <= MaxAmount, path, $"Amount is 1 to {MaxAmount}", faults);
        Require(policy.EmergencyAllowance is >= 0 and <= 1_000_000, path, "EmergencyAllowance is 0 to 1000000", faults);
        Require(policy.RefillPerSecond is null or (>= 0.001 and <= 1_000_000), path, "RefillPerSecond is 0.001 to 1000000", faults);
        Require(policy.Window == PolicyWindow.Burst || policy.RefillPerSecond is null, path, "only a burst has RefillPerSecond", faults);
        if (policy.Window is PolicyWindow.Burst or PolicyWindow.Concurrent)
        {
            Require(policy.Amount <= 1_000_000, path, "the Amount of a burst or a concurrency limit is at most 1000000", faults);
            Require(policy.Unit == QuotaUnit.Requests, path, "a burst or a concurrency limit counts requests", faults);
            Require(!policy.Shadow && policy.Models.Count == 0 && policy.EmergencyAllowance == 0, path,
                "Shadow, Models and EmergencyAllowance are for minute, hour, day and month", faults);
        }

        foreach (var model in policy.Models)
        {
            Require(models is null || models.Contains(model), path, $"the model '{model}' is not in the catalogue", faults);
        }
    }

    private static void Require(bool holds, string path, string rule, List<string> faults)
    {
        if (!holds)
        {
            faults.Add($"{path}: {rule}.");
        }
    }
}
