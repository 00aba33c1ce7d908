using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.TestSupport;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Clock_stands_still_until_it_is_moved()
    {
        var before = _clock.GetUtcNow();

        _clock.GetUtcNow().ShouldBe(before);
        _clock.Advance(TimeSpan.FromTicks(7));

        _clock.GetUtcNow().ShouldBe(before.AddTicks(7));
        _clock.GetElapsedTime(before.UtcTicks).ShouldBe(TimeSpan.FromTicks(7));
    }

    [Fact]
    public void Timer_fires_at_its_tick_and_not_before()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        fired.ShouldBe(0);

        _clock.Advance(TimeSpan.FromTicks(1));
        fired.ShouldBe(1);
        _clock.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_them()
    {
        var seen = new List<double>();
        var start = _clock.GetUtcNow();
        using var late = _clock.CreateTimer(_ => seen.Add((_clock.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var periodic = _clock.CreateTimer(_ => seen.Add((_clock.GetUtcNow() - start).TotalSeconds), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        seen.ShouldBe([2, 4, 5, 6]);
    }

    [Fact]
    public void Disposed_or_stopped_timer_does_not_fire()
    {
        var fired = 0;
        var disposed = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var stopped = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromMinutes(1));

        fired.ShouldBe(0);
    }

    [Fact]
    public async Task Delay_and_time_out_follow_the_clock()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(10), _clock);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5), _clock);

        delay.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(5));
        timeout.IsCancellationRequested.ShouldBeTrue();
        delay.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(5));

        await delay;
    }

    [Fact]
    public void Clock_never_goes_back() => Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
}
