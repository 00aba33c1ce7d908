using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>What a clock that somebody sets does to budgets and profiles, as the application registers them.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public ClockTests()
    {
        var configuration = new ConfigurationBuilder().Build();
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time)
            .AddBehaviour(configuration).AddExtractionGuard(configuration).BuildServiceProvider();
    }

    /// <inheritdoc />
    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void A_clock_that_is_set_gives_no_second_budget_and_locks_nobody_out(int days)
    {
        var budgets = new Budgets(_services.GetRequiredService<ExtractionGuard>(), _time);
        budgets.Ask(count: 60);
        var spent = budgets.Spent();

        _time.WallAhead = TimeSpan.FromDays(days);
        budgets.Spent().ShouldBe(spent);
        budgets.Ask(sketch: 1);
        spent = budgets.Spent();
        _time.WallAhead = TimeSpan.Zero;
        budgets.Spent().ShouldBe(spent);

        _time.Advance(TimeSpan.FromHours(10));
        budgets.Spent().ShouldBe(spent - 0.1, 1e-9);
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public void A_clock_that_is_set_does_not_date_a_signal(int days)
    {
        var monitor = _services.GetRequiredService<BehaviourMonitor>();
        var start = _time.GetUtcNow();

        _time.WallAhead = TimeSpan.FromDays(days);
        _time.Advance(TimeSpan.FromMinutes(5));
        monitor.Report(Signal.Budget, Budgets.Caller, "m", 1, 1, 1);

        monitor.Pending.TryRead(out var raised).ShouldBeTrue();
        raised.Anomaly.At.ShouldBe(start.AddMinutes(5));
    }
}
