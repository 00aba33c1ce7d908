using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Tests.Quotas;

public sealed class QuotaOptionsValidatorTests
{
    /// <summary>What is wrong, how it is made, and what the message must name.</summary>
    public static TheoryData<string, Action<QuotaOptions, PolicyOptions>, string> Faults() => new()
    {
        { "default plan is not configured", (options, _) => options.DefaultPlan = "gold", "DefaultPlan" },
        { "no window", (_, policy) => policy.Window = null, "Window" },
        { "window out of range", (_, policy) => policy.Window = (PolicyWindow)99, "Window" },
        { "unit out of range", (_, policy) => policy.Unit = (QuotaUnit)9, "Unit" },
        { "amount of nothing", (_, policy) => policy.Amount = 0, "Amount" },
        { "negative amount", (_, policy) => policy.Amount = -1, "Amount" },
        { "amount beyond reason", (_, policy) => policy.Amount = long.MaxValue, "Amount" },
        { "negative allowance", (_, policy) => policy.EmergencyAllowance = -1, "EmergencyAllowance" },
        { "refill on a window", (_, policy) => policy.RefillPerSecond = 1, "RefillPerSecond" },
        { "unknown model", (_, policy) => policy.Models.Add("gone"), "gone" },
        { "name with a key separator", (options, policy) => options.Plans["standard"].Policies["a!b"] = policy, "a!b" },
        { "name with capitals", (options, policy) => options.Plans["standard"].Policies["Minute"] = policy, "Minute" },
        { "plan with the name of the self-check", (options, _) => options.Plans["self-check"] = options.Plans["standard"], "self-check" },
        { "plan without policies", (options, _) => options.Plans["empty"] = new PlanOptions(), "empty" },
        {
            "two bursts",
            (options, _) =>
            {
                options.Plans["standard"].Policies["b1"] = new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1 };
                options.Plans["standard"].Policies["b2"] = new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1 };
            },
            "at most one"
        },
        {
            "burst of input units",
            (options, _) => options.Plans["standard"].Policies["b"] = new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1, Unit = QuotaUnit.InputUnits },
            "counts requests"
        },
        {
            "shadow concurrency",
            (options, _) => options.Plans["standard"].Policies["c"] = new PolicyOptions { Window = PolicyWindow.Concurrent, Amount = 1, Shadow = true },
            "Shadow"
        },
        {
            "too many policies",
            (options, _) =>
            {
                for (var i = 0; i < 16; i++)
                {
                    options.Plans["standard"].Policies[$"p{i}"] = new PolicyOptions { Window = PolicyWindow.Day, Amount = 1 };
                }
            },
            "16"
        },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Faulty_plans_do_not_start(string fault, Action<QuotaOptions, PolicyOptions> make, string named)
    {
        var policy = new PolicyOptions { Window = PolicyWindow.Minute, Amount = 10 };
        var options = new QuotaOptions { Plans = { ["standard"] = new PlanOptions { Policies = { ["minute"] = policy } } } };
        make(options, policy);

        var result = new QuotaOptionsValidator(new Models()).Validate(null, options);

        result.Failed.ShouldBeTrue(fault);
        result.FailureMessage.ShouldContain(named);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var options = new QuotaOptions
        {
            DefaultPlan = "none",
            Plans = { ["standard"] = new PlanOptions { Policies = { ["minute"] = new PolicyOptions { Amount = 0 } } } },
        };

        new QuotaOptionsValidator().Validate(null, options).Failures!.Count().ShouldBe(3);
    }

    [Fact]
    public void Built_in_plans_hold()
    {
        new QuotaOptionsValidator(new Models()).Validate(null, new QuotaOptions()).Succeeded.ShouldBeTrue();
        new PlanCatalog(new QuotaOptions()).Names.ShouldBe(["operator", "standard"]);
    }

    private sealed class Models : IModelNames
    {
        public bool Contains(string model) => model == "known";
    }
}
