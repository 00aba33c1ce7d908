using FuncAiSecure.Core.Quotas.Plans;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Plans that are changed and windows that are reset while callers ask.</summary>
public sealed class QuotaManagementTests
{
    [Fact]
    public void A_changed_plan_holds_everywhere_within_30_seconds_and_can_be_taken_back()
    {
        var stage = new QuotaStage(("month", Limit(PolicyWindow.Month, 3))).AddPlan("gold", ("month", Limit(PolicyWindow.Month, 1_000)));
        var (one, two) = (stage.Instance("one"), stage.Instance("two"));
        stage.Drain(one).Admitted.ShouldBe(3);
        stage.Ask(two).IsAdmitted.ShouldBeFalse();

        stage.Await(one, () => one.Quotas.SetPlanAsync(Caller().Id, "gold", CancellationToken.None).AsTask()).ShouldBeNull();

        stage.Ask(one).IsAdmitted.ShouldBeTrue();
        stage.Wait(TimeSpan.FromSeconds(30));
        stage.Ask(two).IsAdmitted.ShouldBeTrue();
        stage.Usage(two).ShouldSatisfyAllConditions(usage => usage.Plan.ShouldBe("gold"), usage => usage.IsOverridden.ShouldBeTrue());

        stage.Await(one, () => one.Quotas.SetPlanAsync(Caller().Id, null, CancellationToken.None).AsTask()).ShouldBeNull();
        stage.Ask(one).IsAdmitted.ShouldBeFalse();
        stage.Wait(TimeSpan.FromSeconds(30));
        stage.Ask(two).IsAdmitted.ShouldBeFalse();
        stage.Usage(two).IsOverridden.ShouldBeFalse();
    }

    [Theory]
    [InlineData("gold")]
    [InlineData("self-check")]
    public void A_plan_that_is_not_configured_cannot_be_set(string plan)
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 3)));
        var instance = stage.Instance();

        var refusal = stage.Await(instance, () => instance.Quotas.SetPlanAsync(Caller().Id, plan, CancellationToken.None).AsTask());

        refusal!.Code.ShouldBe(RefusalCode.InputInvalid);
    }

    [Fact]
    public void A_plan_that_is_set_while_it_is_looked_up_holds_here_at_once()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 3))).AddPlan("larger", ("day", Limit(PolicyWindow.Day, 30)));
        var instance = stage.Instance();
        for (var i = 0; i < 200; i++)
        {
            // Each look takes as long as it happens to: some read before the plan is written, and answer after.
            var caller = Caller($"app:{i}");
            stage.Await(instance, async () =>
            {
                var look = instance.Quotas.GetUsageAsync(caller.Id, null, CancellationToken.None);
                (await instance.Quotas.SetPlanAsync(caller.Id, "larger", CancellationToken.None)).ShouldBeNull();
                return look;
            });

            stage.Ask(instance, caller).Lease.RateLimitPolicy.ShouldContain("q=30");
        }
    }

    [Fact]
    public void A_reset_window_gives_the_amount_again_and_not_more()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 400)));
        var (one, two) = (stage.Instance("one"), stage.Instance("two"));
        stage.Drain(one);
        stage.Drain(two);

        stage.Await(one, () => one.Quotas.ResetAsync(Caller().Id, null, "day", CancellationToken.None).AsTask()).Refusal.ShouldBeNull();

        stage.Wait(TimeSpan.FromSeconds(2));
        (stage.Drain(one).Admitted + stage.Drain(two).Admitted).ShouldBeInRange(396, 400);
    }

    [Fact]
    public void A_policy_that_the_plan_does_not_have_cannot_be_reset()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 4)));
        var instance = stage.Instance();

        stage.Await(instance, () => instance.Quotas.ResetAsync(Caller().Id, null, "hour", CancellationToken.None).AsTask()).Refusal!
            .Code.ShouldBe(RefusalCode.InputInvalid);
    }

    [Fact]
    public void A_reset_holds_here_with_the_next_request()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 20)));
        var instance = stage.Instance();
        stage.Drain(instance);

        Reset(stage, instance, "day").Refusal.ShouldBeNull();

        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void A_reset_of_all_policies_starts_those_anew_too_that_nobody_has_used()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 5)), ("day", Limit(PolicyWindow.Day, 5)));

        var (refusal, anew) = Reset(stage, stage.Instance(), null);

        refusal.ShouldBeNull();
        anew.ShouldBe(["minute", "day"]);
    }

    [Fact]
    public void While_the_table_is_away_nothing_is_said_to_be_changed_and_no_usage_is_told()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 20))).AddPlan("larger", ("day", Limit(PolicyWindow.Day, 30)));
        var instance = stage.Instance();
        stage.Ask(instance);
        instance.Store.IsAway = true;

        stage.Await(instance, () => instance.Quotas.SetPlanAsync(Caller().Id, "larger", CancellationToken.None).AsTask())
            .ShouldNotBeNull().Code.ShouldBe(RefusalCode.DependencyUnavailable);
        var (refusal, anew) = Reset(stage, instance, null);
        refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.DependencyUnavailable);
        anew.ShouldBeEmpty();
        stage.Await(instance, () => instance.Quotas.GetUsageAsync(Caller().Id, null, CancellationToken.None).AsTask()).ShouldBeNull();
    }

    [Fact]
    public void Usage_tells_of_burst_and_concurrency_what_this_instance_knows()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 5, RefillPerSecond = 0.001 }), ("concurrent", Limit(PolicyWindow.Concurrent, 4)));
        var instance = stage.Instance();
        stage.Ask(instance).Lease.Complete(ran: true);
        stage.Ask(instance);

        stage.Usage(instance).Policies.Select(policy => (policy.Name, policy.Limit, policy.Used, policy.Left, policy.ResetAt))
            .ShouldBe([("burst", 5, 2, 3, null), ("concurrent", 4, 1, 3, null)]);
    }

    [Fact]
    public void Parts_that_others_have_of_a_burst_are_not_called_used()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 40, RefillPerSecond = 10 }), ("day", Limit(PolicyWindow.Day, 600)));
        Simulation.SimInstance[] both = [stage.Instance("one"), stage.Instance("two")];
        for (var i = 0; i < 10; i++)
        {
            Array.ForEach(both, instance => stage.Ask(instance).Lease.Complete(ran: true));
            stage.Wait(TimeSpan.FromSeconds(1));
        }

        stage.Wait(TimeSpan.FromSeconds(10));
        var idle = stage.Usage(both[0]).Policies[0];
        stage.Ask(both[0]).Lease.Complete(ran: true);
        var asked = stage.Usage(both[0]).Policies[0];

        (idle.Limit, idle.Used, idle.Left).ShouldBe((40, 0, 20));
        (asked.Used, asked.Left).ShouldBe((1, 19));
    }

    private static (Refusal? Refusal, System.Collections.Immutable.ImmutableArray<string> Anew) Reset(
        QuotaStage stage, Simulation.SimInstance instance, string? policy) =>
        stage.Await(instance, () => instance.Quotas.ResetAsync(Caller().Id, null, policy, CancellationToken.None).AsTask());
}
