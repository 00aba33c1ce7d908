using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Tests.Quotas.Simulation;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>What an instance remembers of a caller, and when it may forget it.</summary>
public sealed class CallerSlotTests
{
    private static readonly TimeSpan UntilForgotten = TimeSpan.FromMinutes(16);

    [Fact]
    public void A_burst_that_fills_slowly_is_not_full_again_because_its_caller_was_away()
    {
        var stage = new QuotaStage(("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 20, RefillPerSecond = 0.001 }));
        var instance = stage.Instance();
        stage.Drain(instance).Admitted.ShouldBe(20);

        stage.Wait(UntilForgotten);

        stage.Drain(instance).Admitted.ShouldBeLessThan(2);
    }

    [Fact]
    public void Own_usage_is_read_twenty_times_at_once_and_once_a_second_then_whatever_else_the_caller_has_spent()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 1)));
        var (here, elsewhere) = (stage.Instance(), stage.Instance("j"));
        stage.Drain(here);

        for (var i = 0; i < 20; i++)
        {
            here.Quotas.CheckUsageRead(Caller()).ShouldBeNull();
        }

        var refusal = here.Quotas.CheckUsageRead(Caller()).ShouldNotBeNull();

        refusal.Code.ShouldBe(RefusalCode.RateLimited);
        refusal.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        here.Quotas.CheckUsageRead(Caller("app:other")).ShouldBeNull();
        elsewhere.Quotas.CheckUsageRead(Caller()).ShouldBeNull();
        stage.Wait(TimeSpan.FromSeconds(1.1));
        here.Quotas.CheckUsageRead(Caller()).ShouldBeNull();
        here.Quotas.CheckUsageRead(Caller()).ShouldNotBeNull();
    }

    [Fact]
    public void What_an_emergency_admitted_is_counted_though_its_caller_went_away_before_storage_came_back()
    {
        var month = Limit(PolicyWindow.Month, 100);
        month.EmergencyAllowance = 7;
        var stage = new QuotaStage(("month", month));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5)); // into the day after, the month has a week to go
        Ask(stage, instance).ShouldBe(1);
        instance.Store.IsAway = true;
        var during = Enumerable.Range(0, 20).Sum(_ => Ask(stage, instance));
        during.ShouldBeGreaterThanOrEqualTo(7);

        stage.Wait(UntilForgotten);
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(2));

        stage.Row().Outstanding.ShouldBeGreaterThanOrEqualTo(1 + during);
    }

    [Fact]
    public void What_an_emergency_admitted_is_counted_though_the_plan_was_changed_before_the_counters_came_back()
    {
        var month = Limit(PolicyWindow.Month, 100);
        month.EmergencyAllowance = 7;
        var stage = new QuotaStage(("month", month)).AddPlan("larger", ("month", Limit(PolicyWindow.Month, 1_000)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5));
        Ask(stage, instance).ShouldBe(1);
        instance.Store.AreCountersAway = true;
        var during = Enumerable.Range(0, 20).Sum(_ => Ask(stage, instance));
        during.ShouldBeGreaterThanOrEqualTo(7);

        SetPlan(stage, "larger");
        stage.Wait(TimeSpan.FromSeconds(25)); // the change holds with the next request
        Ask(stage, instance).ShouldBe(0);
        stage.Wait(UntilForgotten);
        instance.Store.AreCountersAway = false;
        stage.Wait(TimeSpan.FromSeconds(2));

        stage.Row().Outstanding.ShouldBeGreaterThanOrEqualTo(1 + during);
    }

    [Fact]
    public void What_comes_back_after_a_change_of_plan_comes_back_to_the_counter()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100))).AddPlan("larger", ("day", Limit(PolicyWindow.Day, 1_000)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5));
        var admission = stage.Ask(instance);

        SetPlan(stage, "larger");
        stage.Wait(TimeSpan.FromSeconds(25)); // the change holds with the next request, the first one still runs
        Ask(stage, instance).ShouldBe(1);
        admission.Lease.Complete(ran: false);
        stage.Wait(TimeSpan.FromMinutes(1));

        stage.Row().Outstanding.ShouldBe(1);
    }

    [Fact]
    public void Two_credentials_of_a_caller_share_its_default_plan_whether_they_name_it_or_not()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 4, RefillPerSecond = 0.001 }),
            ("concurrent", Limit(PolicyWindow.Concurrent, 2)));
        var instance = stage.Instance();

        var held = new[] { stage.Ask(instance), stage.Ask(instance, Caller(plan: "standard")) };
        var third = stage.Ask(instance, Caller(plan: "standard"));
        Array.ForEach(held, admission => admission.Lease.Complete(ran: true));

        held.ShouldAllBe(admission => admission.IsAdmitted);
        third.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.ConcurrencyExceeded);
        Enumerable.Range(0, 10).Count(i => Ask(stage, instance, i % 2 == 0 ? null : "standard") == 1).ShouldBe(2);
    }

    [Fact]
    public void Instances_share_a_burst_though_the_plan_s_first_counter_is_of_another_model()
    {
        var other = Limit(PolicyWindow.Minute, 600);
        other.Models.Add("a");
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 40, RefillPerSecond = 0.001 }),
            ("a-minute", other),
            ("minute", Limit(PolicyWindow.Minute, 600)));
        SimInstance[] both = [stage.Instance("one"), stage.Instance("two")];
        var admitted = 0;
        for (var i = 0; i < 50; i++)
        {
            // The first two seconds are for the instances to hear of each other.
            admitted += both.Sum(instance => Ask(stage, instance, model: "b"));
            stage.Wait(TimeSpan.FromMilliseconds(i < 2 ? 1_000 : 1));
        }

        admitted.ShouldBeInRange(30, 44);
    }

    [Fact]
    public void A_caller_without_a_configured_plan_costs_no_call_of_the_table_for_each_request()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 10)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromSeconds(10));
        stage.Ask(instance, Caller(plan: "gone")).IsAdmitted.ShouldBeFalse();
        var before = instance.Store.Calls;

        Enumerable.Range(0, 100).Count(_ => stage.Ask(instance, Caller(plan: "gone")).Refusal?.Code is RefusalCode.DependencyUnavailable).ShouldBe(100);

        (instance.Store.Calls - before).ShouldBeLessThan(3);
    }

    [Fact]
    public void A_plan_that_an_operator_set_stays_in_force_while_the_table_is_away()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100))).AddPlan("small", ("day", Limit(PolicyWindow.Day, 1)));
        var instance = stage.Instance();
        SetPlan(stage, "small");
        stage.Ask(instance).Lease.RateLimitPolicy.ShouldContain("q=1;");
        instance.Store.IsAway = true;
        stage.Wait(TimeSpan.FromMinutes(2));

        for (var i = 0; i < 5; i++)
        {
            stage.Ask(instance).Lease.RateLimitPolicy.ShouldContain("q=1;");
            stage.Wait(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void A_caller_that_comes_back_after_a_pause_finds_its_changed_plan_in_force()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100))).AddPlan("small", ("day", Limit(PolicyWindow.Day, 1)));
        var instance = stage.Instance();
        Ask(stage, instance).ShouldBe(1);
        stage.Wait(TimeSpan.FromMinutes(1));
        SetPlan(stage, "small");
        stage.Wait(TimeSpan.FromMinutes(1));

        stage.Ask(instance).Lease.RateLimitPolicy.ShouldContain("q=1;");
    }

    [Fact]
    public void A_caller_is_forgotten_a_quarter_of_an_hour_after_its_last_request_unless_one_still_runs()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100)));
        var instance = stage.Instance();
        var running = stage.Ask(instance);
        Ask(stage, instance).ShouldBe(1);
        stage.Usage(instance, Caller("app:looked-at"));
        instance.Quotas.RecentCallers(10).ShouldBe([(Caller().Id, "standard")]);

        stage.Wait(UntilForgotten);
        instance.Quotas.RecentCallers(10).ShouldHaveSingleItem();
        running.Lease.Complete(ran: true);
        stage.Wait(TimeSpan.FromSeconds(1));

        instance.Quotas.RecentCallers(10).ShouldBeEmpty();
    }

    // As an operator does it on another instance.
    private static void SetPlan(QuotaStage stage, string plan)
    {
        var other = stage.Instance("operator");
        stage.Await(other, () => other.Quotas.SetPlanAsync(Caller().Id, plan, CancellationToken.None).AsTask()).ShouldBeNull();
    }

    private static int Ask(QuotaStage stage, SimInstance instance, string? plan = null, string? model = null)
    {
        var admission = stage.Ask(instance, Caller(plan: plan), model);
        admission.Lease.Complete(ran: true);
        return admission.IsAdmitted ? 1 : 0;
    }
}
