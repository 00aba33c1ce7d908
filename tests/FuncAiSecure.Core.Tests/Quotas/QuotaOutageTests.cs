using FuncAiSecure.Core.Quotas.Plans;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

public sealed class QuotaOutageTests
{
    [Fact]
    public void Storage_away_from_the_start_refuses_with_503_and_serves_when_it_comes()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 30)));
        var instance = stage.Instance();
        instance.Store.IsAway = true;

        var refusal = stage.Ask(instance).Refusal.ShouldNotBeNull();

        refusal.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        refusal.RetryAfter.ShouldNotBeNull();
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(1));
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();
    }

    [Fact]
    public void Storage_gone_for_30_seconds_lets_nothing_pass_uncounted_and_service_resumes_within_2()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 100_000)));
        var instance = stage.Instance();
        var admitted = 0;
        for (var i = 0; i < 400; i++)
        {
            admitted += Ask(stage, instance);
        }

        var counted = stage.Row().Outstanding;
        instance.Store.IsAway = true;
        var end = stage.World.Now + TimeSpan.FromSeconds(30).Ticks;
        while (stage.World.Now < end)
        {
            admitted += Ask(stage, instance);
            stage.Wait(TimeSpan.FromMilliseconds(20));
        }

        admitted.ShouldBe((int)counted);
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(1.5));
        Ask(stage, instance).ShouldBe(1);
    }

    [Fact]
    public void The_emergency_allowance_is_bounded_and_counted_when_storage_is_back()
    {
        var day = Limit(PolicyWindow.Day, 100);
        day.EmergencyAllowance = 7;
        var stage = new QuotaStage(("day", day));
        var instance = stage.Instance();
        Ask(stage, instance).ShouldBe(1);
        instance.Store.IsAway = true;

        var during = Enumerable.Range(0, 200).Sum(_ => Ask(stage, instance));

        during.ShouldBeInRange(7, 9); // the allowance and what the lease held
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(2));
        var row = stage.Row();
        row.Outstanding.ShouldBeGreaterThanOrEqualTo(1 + during);
        var after = Enumerable.Range(0, 200).Sum(_ => Ask(stage, instance));
        (1 + during + after).ShouldBe(100);
    }

    [Fact]
    public void The_emergency_allowance_is_one_a_window_however_often_storage_goes_away()
    {
        var day = Limit(PolicyWindow.Day, 100);
        day.EmergencyAllowance = 7;
        var stage = new QuotaStage(("day", day));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMinutes(5)); // into the day after, which lasts
        var admitted = stage.Drain(instance).Admitted;
        for (var outage = 0; outage < 3; outage++)
        {
            instance.Store.IsAway = true;
            stage.Wait(TimeSpan.FromSeconds(2));
            admitted += Enumerable.Range(0, 20).Sum(_ => Ask(stage, instance));
            instance.Store.IsAway = false;
            stage.Wait(TimeSpan.FromSeconds(2));
        }

        admitted.ShouldBe(107);
        stage.Row().Outstanding.ShouldBe(107);
    }

    [Fact]
    public void A_long_outage_is_not_asked_into_ever_more_often_and_every_window_of_it_is_counted_at_last()
    {
        var minute = Limit(PolicyWindow.Minute, 100);
        minute.EmergencyAllowance = 5;
        var stage = new QuotaStage(("minute", minute));
        var instance = stage.Instance();
        Ask(stage, instance).ShouldBe(1);
        instance.Store.IsAway = true;

        var (calls, admitted) = (new List<int>(), 0);
        for (var i = 0; i < 20; i++)
        {
            var before = instance.Store.Calls;
            admitted += Enumerable.Range(0, 10).Sum(_ => Ask(stage, instance));
            stage.Wait(TimeSpan.FromMinutes(1));
            calls.Add(instance.Store.Calls - before);
        }

        admitted.ShouldBeGreaterThanOrEqualTo(95);
        calls[^1].ShouldBeLessThan(2 * calls[2]);
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromMinutes(1));
        stage.Table.Rows.Sum(row => row.Outstanding).ShouldBeGreaterThanOrEqualTo(1 + admitted);
    }

    [Fact]
    public void A_caller_that_gives_up_waiting_takes_nothing_with_it()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 10)));
        var instance = stage.Instance();
        Ask(stage, instance).ShouldBe(1);
        instance.Store.IsAway = true;
        using var gone = new CancellationTokenSource();
        Task<FuncAiSecure.Core.Quotas.QuotaAdmission>? asked = null;
        instance.Context.Run(() => asked = instance.Quotas.AdmitAsync(Caller(), null, gone.Token).AsTask());

        gone.Cancel();
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromSeconds(3));

        asked!.IsCanceled.ShouldBeTrue();
        Enumerable.Range(0, 30).Sum(_ => Ask(stage, instance)).ShouldBe(9);
    }

    [Fact]
    public void A_counter_that_fails_by_a_defect_admits_nobody()
    {
        var stage = new QuotaStage(("day", Limit(PolicyWindow.Day, 600)), ("minute", Limit(PolicyWindow.Minute, 600)));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMilliseconds(30_000));
        stage.Ask(instance).Lease.Complete(ran: true);
        stage.Wait(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (stage.World.Now % TimeSpan.TicksPerMinute) - TimeSpan.TicksPerMillisecond));
        instance.Time.IsBroken = true; // the minute's counter has to wait, and cannot

        Should.Throw<TimeoutException>(() => stage.Ask(instance));
    }

    private static int Ask(QuotaStage stage, Simulation.SimInstance instance)
    {
        var admission = stage.Ask(instance);
        admission.Lease.Complete(ran: true);
        return admission.IsAdmitted ? 1 : 0;
    }
}
