using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Tests.Quotas.Simulation;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>What a request holds of its caller's plan while it waits for a counter, is refused, or gives up.</summary>
public sealed class CallerQuotaTests
{
    [Fact]
    public void A_burst_holds_for_requests_that_wait_for_their_counters()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 2, RefillPerSecond = 0.001 }), ("day", Limit(PolicyWindow.Day, 100)));
        var instance = stage.Instance();

        var asked = AskAtOnce(stage, instance, 5);

        asked.Count(admission => admission.IsAdmitted).ShouldBe(2);
        asked.Where(admission => !admission.IsAdmitted).ShouldAllBe(admission => admission.Refusal!.Policy == "burst");
    }

    [Fact]
    public void A_request_that_is_given_up_while_it_waits_gives_its_place_back()
    {
        var stage = new QuotaStage(("concurrent", Limit(PolicyWindow.Concurrent, 1)), ("day", Limit(PolicyWindow.Day, 10)));
        var instance = stage.Instance();
        stage.Ask(instance).Lease.Complete(ran: true);
        instance.Store.IsAway = true;
        using var gone = new CancellationTokenSource();
        Task<QuotaAdmission>? asked = null;
        instance.Context.Run(() => asked = instance.Quotas.AdmitAsync(Caller(), null, gone.Token).AsTask());

        gone.Cancel();
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(3));

        asked!.IsCanceled.ShouldBeTrue();
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void A_request_that_its_burst_refuses_takes_no_place_among_those_that_run()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1, RefillPerSecond = 1 }), ("concurrent", Limit(PolicyWindow.Concurrent, 2)));
        var instance = stage.Instance();
        stage.Ask(instance).Lease.Complete(ran: true);
        for (var i = 0; i < 5; i++)
        {
            stage.Ask(instance).Refusal.ShouldNotBeNull().Policy.ShouldBe("burst");
        }

        stage.Wait(TimeSpan.FromSeconds(2));

        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void Requests_that_began_without_a_concurrency_limit_count_for_the_plan_that_has_one()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100)))
            .AddPlan("narrow", ("concurrent", Limit(PolicyWindow.Concurrent, 1)), ("day", Limit(PolicyWindow.Day, 100)));
        var instance = stage.Instance();
        var running = Enumerable.Range(0, 3).Select(_ => stage.Ask(instance)).ToList();
        stage.Await(instance, () => instance.Quotas.SetPlanAsync(Caller().Id, "narrow", CancellationToken.None).AsTask()).ShouldBeNull();

        var refused = stage.Ask(instance);

        refused.Refusal.ShouldNotBeNull().Code.ShouldBe(RefusalCode.ConcurrencyExceeded);
        RateLimit(refused.Lease).ShouldStartWith("\"concurrent\";r=0, ");
        running.ForEach(admission => admission.Lease.Complete(ran: true));
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
        stage.Ask(instance).IsAdmitted.ShouldBeFalse();
    }

    [Fact]
    public void Input_units_of_a_warm_lease_come_back_where_inference_never_began()
    {
        var stage = new QuotaStage(("units", Limit(PolicyWindow.Day, 100_000, QuotaUnit.InputUnits)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5)); // into the day after, which lasts
        for (var i = 0; i < 200; i++)
        {
            var lease = stage.Ask(instance).Lease;
            stage.Reserve(instance, lease, 1).ShouldBeNull();
            lease.Complete(ran: false);
        }

        stage.Wait(TimeSpan.FromSeconds(12)); // what lies idle goes back

        stage.Row().Outstanding.ShouldBe(0);
    }

    [Fact]
    public void A_counter_that_goes_away_is_not_told_as_a_spent_amount()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 10)));
        var instance = stage.Instance();
        stage.Ask(instance).Lease.Complete(ran: true);
        instance.Store.AreCountersAway = true;
        stage.Wait(TimeSpan.FromSeconds(3));

        var refusals = Enumerable.Range(0, 3).Select(_ => stage.Ask(instance).Refusal.ShouldNotBeNull()).ToList();

        refusals.ShouldAllBe(refusal => refusal.Code == RefusalCode.DependencyUnavailable && refusal.Policy == "day");
    }

    [Fact]
    public void Instances_keep_their_parts_of_a_burst_over_the_end_of_a_window()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 40, RefillPerSecond = 10 }), ("minute", Limit(PolicyWindow.Minute, 600)));
        SimInstance[] both = [stage.Instance("one"), stage.Instance("two")];
        for (var i = 0; i < 10; i++)
        {
            Array.ForEach(both, instance => stage.Ask(instance).Lease.Complete(ran: true));
            stage.Wait(TimeSpan.FromSeconds(1));
        }

        // Full again; then each takes its first unit of the next window, in which it is the only one at first.
        stage.Wait(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (stage.World.Now % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerSecond));
        var admitted = 0;
        foreach (var instance in both)
        {
            stage.Ask(instance).Lease.Complete(ran: true);
            stage.Wait(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 60; i++)
            {
                admitted += Ask(stage, instance);
            }
        }

        admitted.ShouldBeInRange(36, 48);
    }

    [Fact]
    public void A_caller_that_has_spent_its_amount_costs_no_call_of_the_table_for_each_request()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 3)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5));
        stage.Drain(instance).Admitted.ShouldBe(3);
        var before = instance.Store.Calls;

        Enumerable.Range(0, 100).Sum(_ => Ask(stage, instance)).ShouldBe(0);

        (instance.Store.Calls - before).ShouldBeLessThan(3);
    }

    [Fact]
    public void The_request_that_finds_its_counter_away_has_the_emergency_allowance()
    {
        var day = Limit(PolicyWindow.Day, 100);
        day.EmergencyAllowance = 2;
        var stage = new QuotaStage(("day", day));
        var instance = stage.Instance();
        stage.Usage(instance); // the plan is known, the counter is not
        instance.Store.IsAway = true;

        AskAtOnce(stage, instance, 3).Count(admission => admission.IsAdmitted).ShouldBe(2);
    }

    // All of them before any counter has answered.
    private static List<QuotaAdmission> AskAtOnce(QuotaStage stage, SimInstance instance, int count)
    {
        var asked = new List<Task<QuotaAdmission>>();
        instance.Context.Run(() => asked.AddRange(Enumerable.Range(0, count).Select(_ => instance.Quotas.AdmitAsync(Caller(), null, CancellationToken.None).AsTask())));
        return [.. stage.Await(instance, () => Task.WhenAll(asked))];
    }

    private static int Ask(QuotaStage stage, SimInstance instance)
    {
        var admission = stage.Ask(instance);
        admission.Lease.Complete(ran: true);
        return admission.IsAdmitted ? 1 : 0;
    }
}
