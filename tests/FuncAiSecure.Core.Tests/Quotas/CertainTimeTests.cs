using FuncAiSecure.Core.Quotas.Plans;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>How long a request waits at a minute's end until it is certain which minute it is.</summary>
public sealed class CertainTimeTests
{
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(350);

    [Fact]
    public void The_first_request_of_an_instance_waits_shortly_where_the_instance_runs_for_two_seconds()
    {
        // The world begins 40 s before a minute's end. Starts are spread over a second, requests over the last second of the minute.
        for (var offset = 0; offset < 1_000; offset += 50)
        {
            var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 600)));
            stage.Wait(TimeSpan.FromMilliseconds(37_000 + (offset / 2)));
            var instance = stage.Instance();
            stage.Wait(TimeSpan.FromMilliseconds(2_000 + (offset / 2)));

            var before = stage.World.Now;
            stage.Ask(instance).IsAdmitted.ShouldBeTrue();

            TimeSpan.FromTicks(stage.World.Now - before).ShouldBeLessThan(Shortly, $"{offset} ms after the minute's last second began");
        }
    }

    [Fact]
    public void Who_waits_for_the_minute_s_end_goes_on_soon_after_it_has_come()
    {
        // 0.3 s old, the instance knows the service's clock to a second. The minute ends 0.1 s after the request.
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 600)));
        stage.Wait(TimeSpan.FromMilliseconds(39_600));
        var instance = stage.Instance();
        stage.Wait(TimeSpan.FromMilliseconds(300));

        var before = stage.World.Now;
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();

        TimeSpan.FromTicks(stage.World.Now - before).ShouldBeLessThan(TimeSpan.FromMilliseconds(450));
    }

    [Fact]
    public void The_clock_is_found_when_storage_comes_back_after_the_start()
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, 600)));
        var instance = stage.Instance();
        instance.Store.IsAway = true;
        stage.Wait(TimeSpan.FromSeconds(25));
        instance.Store.IsAway = false;
        stage.Wait(TimeSpan.FromMilliseconds(14_500));

        var before = stage.World.Now;
        stage.Ask(instance).IsAdmitted.ShouldBeTrue();

        TimeSpan.FromTicks(stage.World.Now - before).ShouldBeLessThan(Shortly);
    }
}
