using FuncAiSecure.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Tests.LocalHost;

public class TimerTests
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 30, TimeSpan.Zero));
    private readonly SampleFunctions.Runs _runs = new();

    [Fact]
    public async Task Timer_runs_at_its_times_and_through_the_stages()
    {
        var stages = 0;
        await using var host = await Start(typeof(SampleFunctions.Timers), (context, next) =>
        {
            stages += context.GetHttpContext() is null ? 1 : 100;
            return next();
        });

        await _clock.WhenArmedAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(29));
        _runs.IsEmpty.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var (context, timer) = await _runs.NextAsync();

        stages.ShouldBe(1);
        timer.IsPastDue.ShouldBeFalse();
        timer.ScheduleStatus!.Next.ShouldBe(new DateTime(2030, 1, 1, 0, 2, 0, DateTimeKind.Utc));
        context.FunctionDefinition.InputBindings["timer"].Type.ShouldBe("timerTrigger");
        context.InstanceServices.ShouldNotBeNull();

        await _clock.WhenArmedAsync(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _runs.NextAsync()).Timer.ScheduleStatus!.Last.ShouldBe(new DateTime(2030, 1, 1, 0, 1, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Late_run_says_so_and_missed_times_are_not_made_up()
    {
        await using var host = await Start(typeof(SampleFunctions.Timers));
        await _clock.WhenArmedAsync(1);

        // The machine slept: the clock jumped over five due times before the timer could fire.
        _clock.Set(_clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        _clock.Advance(TimeSpan.Zero);

        (await _runs.NextAsync()).Timer.IsPastDue.ShouldBeTrue();
        await _clock.WhenArmedAsync(1);
        _runs.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Failed_run_does_not_end_the_schedule()
    {
        await using var host = await Start(typeof(SampleFunctions.AtStart));
        await _runs.NextAsync();

        await _clock.WhenArmedAsync(1);
        for (var hour = 0; hour < 3; hour++)
        {
            await _clock.WhenArmedAsync(1);
            _runs.IsEmpty.ShouldBeTrue();
            _clock.Advance(TimeSpan.FromHours(1));
        }

        var (context, _) = await _runs.NextAsync();
        context.FunctionDefinition.Name.ShouldBe("Nightly");
    }

    [Fact]
    public async Task Timer_can_be_run_by_hand_and_tells_whether_it_failed()
    {
        await using var host = await Start(typeof(SampleFunctions.Timers));
        await using var failing = await Start(typeof(SampleFunctions.AtStart));

        (await host.Host.RunTimerAsync("everyminute")).ShouldBeTrue();
        (await failing.Host.RunTimerAsync("Nightly")).ShouldBeFalse();
        await Should.ThrowAsync<ArgumentException>(() => host.Host.RunTimerAsync("nothing"));
    }

    [Fact]
    public async Task Stop_ends_the_waiting()
    {
        var host = await Start(typeof(SampleFunctions.Timers));
        await _clock.WhenArmedAsync(1);

        await host.DisposeAsync();

        _clock.ArmedTimers.ShouldBe(0);
    }

    private Task<RunningHost> Start(Type functions, Func<FunctionContext, Func<Task>, Task>? stage = null) =>
        RunningHost.StartAsync(
            [functions],
            worker =>
            {
                worker.Services.AddSingleton<TimeProvider>(_clock).AddSingleton(_runs);
                worker.UseMiddleware(stage ?? ((_, next) => next()));
            },
            settings: new() { ["Schedule"] = "0 * * * * *" });
}
