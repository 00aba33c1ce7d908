using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

public sealed class QuotaServiceTests
{
    [Fact]
    public void Minute_exhausted_is_rate_limited_until_the_window_ends()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 30)));
        var instance = stage.Instance();

        var (admitted, refusal) = stage.Drain(instance);

        admitted.ShouldBe(30);
        refusal.Code.ShouldBe(RefusalCode.RateLimited);
        refusal.Policy.ShouldBe("minute");
        var wait = refusal.RetryAfter.ShouldNotBeNull();
        stage.Wait(wait - TimeSpan.FromSeconds(2));
        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
        stage.Wait(TimeSpan.FromSeconds(2));
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(PolicyWindow.Hour)]
    [InlineData(PolicyWindow.Day)]
    [InlineData(PolicyWindow.Month)]
    public void Long_windows_exhausted_are_quota_exceeded(PolicyWindow window)
    {
        var stage = new QuotaStage(("long", Limit(window, 5)));

        var (admitted, refusal) = stage.Drain(stage.Instance());

        admitted.ShouldBe(5);
        refusal.Code.ShouldBe(RefusalCode.QuotaExceeded);
    }

    [Fact]
    public void Burst_refuses_until_its_own_Retry_After()
    {
        var stage = new QuotaStage(("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 4, RefillPerSecond = 2 }));
        var instance = stage.Instance();
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();

        var (admitted, refusal) = stage.Drain(instance);

        admitted.ShouldBe(3);
        refusal.Code.ShouldBe(RefusalCode.RateLimited);
        refusal.Policy.ShouldBe("burst");
        var wait = refusal.RetryAfter.ShouldNotBeNull();
        wait.ShouldBeGreaterThan(TimeSpan.Zero);
        wait.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(0.5));
        stage.Wait(wait / 2);
        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
        stage.Wait(wait);
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("slow", "trial", true)]
    [InlineData("trial", "slow", false)]
    [InlineData("slow", null, false)]
    [InlineData("slow", "slow", false)]
    [InlineData("slow", "nobodys", false)]
    [InlineData("nobodys", "trial", false)]
    [InlineData("slow", "shadow", false)]
    public void A_plan_grants_more_where_any_amount_that_both_limit_is_larger(string plan, string? other, bool expected)
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 1_000)), ("minute", Limit(PolicyWindow.Minute, 600)))
            .AddPlan("slow", ("a-day", Limit(PolicyWindow.Day, 100)))
            .AddPlan("trial", ("few", Limit(PolicyWindow.Day, 10)), ("hour", Limit(PolicyWindow.Hour, 1_000)))
            .AddPlan("shadow", ("few", new PolicyOptions { Window = PolicyWindow.Day, Amount = 10, Shadow = true }));

        stage.Instance().Quotas.GrantsMore(plan, other).ShouldBe(expected);
    }

    [Fact]
    public void Concurrency_refuses_one_too_many_and_admits_after_a_completion()
    {
        var stage = new QuotaStage(("concurrent", Limit(PolicyWindow.Concurrent, 3)));
        var instance = stage.Instance();
        var running = Enumerable.Range(0, 3).Select(_ => stage.Ask(instance)).ToList();

        stage.Ask(instance).Refusal!.Code.ShouldBe(RefusalCode.ConcurrencyExceeded);

        running[0].Lease.Complete(ran: true);
        running[0].Lease.Complete(ran: true);
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
    }

    [Fact]
    public void A_request_that_never_ran_is_refunded_in_full_and_once()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 2)), ("units", Limit(PolicyWindow.Day, 100, QuotaUnit.InputUnits)));
        var instance = stage.Instance();
        var first = stage.Ask(instance);
        stage.Reserve(instance, first.Lease, 100).ShouldBeNull();

        first.Lease.Complete(ran: false);
        first.Lease.Complete(ran: false);

        var second = stage.Ask(instance);
        stage.Reserve(instance, second.Lease, 100).ShouldBeNull();
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
    }

    [Fact]
    public void A_lease_that_ended_cannot_touch_the_one_that_reuses_its_memory()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 2)));
        var instance = stage.Instance();
        var first = stage.Ask(instance);
        first.Lease.Complete(ran: true);
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();

        first.Lease.Complete(ran: false);

        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
    }

    [Fact]
    public void Input_units_beyond_what_is_left_are_refused_and_smaller_ones_still_fit()
    {
        var stage = new QuotaStage(("units", Limit(PolicyWindow.Day, 1_000, QuotaUnit.InputUnits)));
        var instance = stage.Instance();
        stage.Reserve(instance, stage.Ask(instance).Lease, 900).ShouldBeNull();

        var refusal = stage.Reserve(instance, stage.Ask(instance).Lease, 101).ShouldNotBeNull();

        refusal.Code.ShouldBe(RefusalCode.QuotaExceeded);
        refusal.RetryAfter.ShouldNotBeNull();
        stage.Reserve(instance, stage.Ask(instance).Lease, 100).ShouldBeNull();
        stage.Reserve(instance, stage.Ask(instance).Lease, 1).ShouldNotBeNull();
    }

    [Fact]
    public void Input_units_beyond_the_whole_amount_are_refused_without_Retry_After()
    {
        var stage = new QuotaStage(("units", Limit(PolicyWindow.Day, 1_000, QuotaUnit.InputUnits)));
        var instance = stage.Instance();

        var refusal = stage.Reserve(instance, stage.Ask(instance).Lease, 1_001).ShouldNotBeNull();

        refusal.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public void A_refusal_by_one_policy_costs_the_others_nothing()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 50)), ("day", Limit(PolicyWindow.Day, 3)));
        var instance = stage.Instance();
        stage.Drain(instance).Admitted.ShouldBe(3);
        for (var i = 0; i < 60; i++)
        {
            stage.Ask(instance).Refusal!.Policy.ShouldBe("day");
        }

        stage.Usage(instance).Policies.Single(policy => policy.Name == "minute").Used.ShouldBe(3);
    }

    [Fact]
    public void A_policy_for_a_model_counts_that_model_only()
    {
        var forLarge = Limit(PolicyWindow.Hour, 2);
        forLarge.Models.Add("large");
        var stage = new QuotaStage(("large", forLarge));
        var instance = stage.Instance();
        stage.Ask(instance, model: "large").IsAdmitted.ShouldBeTrue();
        stage.Ask(instance, model: "large").IsAdmitted.ShouldBeTrue();

        stage.Ask(instance, model: "large").Refusal!.Policy.ShouldBe("large");
        stage.Ask(instance, model: "small").IsAdmitted.ShouldBeTrue();
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void Callers_do_not_share_amounts()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 1)));
        var instance = stage.Instance();
        stage.Ask(instance, Caller("a/b")).IsAdmitted.ShouldBeTrue();

        stage.Ask(instance, Caller("a/b")).IsAdmitted.ShouldBeFalse();
        stage.Ask(instance, Caller("a:b")).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void A_plan_that_is_not_configured_refuses()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 10)));

        var refusal = stage.Ask(stage.Instance(), Caller(plan: "gold")).Refusal.ShouldNotBeNull();

        refusal.Code.ShouldBe(RefusalCode.DependencyUnavailable);
    }

    [Fact]
    public void The_self_check_s_plan_grants_nothing()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 10)));

        stage.Ask(stage.Instance(), Caller(plan: "self-check")).Refusal!.Code.ShouldBe(RefusalCode.QuotaExceeded);
    }

    [Fact]
    public void A_shadow_policy_counts_and_never_refuses()
    {
        var shadow = Limit(PolicyWindow.Day, 10);
        shadow.Shadow = true;
        var stage = new QuotaStage(("shadow", shadow));
        var instance = stage.Instance();
        for (var i = 0; i < 25; i++)
        {
            stage.Ask(instance).IsAdmitted.ShouldBeTrue();
        }

        stage.Wait(TimeSpan.FromSeconds(2));

        var usage = stage.Usage(instance).Policies.Single();
        usage.Used.ShouldBe(25);
        usage.Left.ShouldBe(0);
        RateLimit(stage.Ask(instance).Lease).ShouldBe("");
    }

    [Fact]
    public void Shutdown_returns_every_unspent_unit()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100_000)));
        var instance = stage.Instance();
        for (var i = 0; i < 200; i++)
        {
            stage.Ask(instance).Lease.Complete(ran: true);
        }

        stage.Row().Outstanding.ShouldBeGreaterThan(200);
        instance.Stop();
        stage.Wait(TimeSpan.FromSeconds(1));

        stage.Row().Outstanding.ShouldBe(200);
    }

    [Fact]
    public void An_idle_lease_goes_back()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100_000)));
        var instance = stage.Instance();
        for (var i = 0; i < 200; i++)
        {
            stage.Ask(instance).Lease.Complete(ran: true);
        }

        stage.Wait(TimeSpan.FromSeconds(12));

        stage.Row().Outstanding.ShouldBe(200);
    }

    [Fact]
    public void A_crash_strands_at_most_what_the_counter_says_it_held()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 5_000)));
        var (one, two) = (stage.Instance("one"), stage.Instance("two"));
        for (var i = 0; i < 300; i++)
        {
            stage.Ask(one).Lease.Complete(ran: true);
        }

        one.Crash();
        var held = stage.Row().Entries.Single().Held;

        var admitted = 300 + stage.Drain(two).Admitted;

        held.ShouldBeGreaterThan(0);
        admitted.ShouldBeInRange(5_000 - (int)held, 5_000);
    }
}
