using System.Globalization;
using Azure.Data.Tables;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.TestSupport;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>What a clock that somebody sets does to budgets and profiles, as the application registers them.</summary>
public sealed class ClockTests : IClassFixture<Azurite>, IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly Azurite _azurite;

    public ClockTests(Azurite azurite)
    {
        _azurite = azurite;
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
    public async Task An_instance_that_starts_with_a_wrong_clock_goes_by_the_storage_services(int days)
    {
        const double Refill = 0.01 / 3_600;
        var now = TimeProvider.System.GetUtcNow();
        var tables = new TableServiceClient(_azurite.Service.ConnectionString);
        var table = tables.GetTableClient("T" + Guid.NewGuid().ToString("N"));
        var row = ExtractionGuard.KeyOf(Budgets.Caller.Id, "m").ToString("x16", CultureInfo.InvariantCulture);
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity(row[..2], row) { ["Spent"] = 0.6, ["At"] = now.ToUnixTimeSeconds(), ["Refill"] = Refill, ["Resets"] = 0 });
        var time = new ManualTimeProvider(now.AddDays(days));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{ExtractionOptions.SectionName}:TableName", table.Name)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton(tables)
            .AddSingleton(new BehaviourMonitor(new BehaviourOptions(), time)).AddExtractionGuard(configuration).BuildServiceProvider();
        var upkeep = services.GetServices<IHostedService>().OfType<BudgetUpkeep>().Single();

        await upkeep.RunOnceAsync(default);
        time.Advance(TimeSpan.FromHours(10));
        var budgets = new Budgets(services.GetRequiredService<ExtractionGuard>(), time);
        budgets.Spent().ShouldBe(0.5, 0.01);
        budgets.Ask(count: 10);
        await upkeep.SaveAsync(default);

        // The storage service has not seen the ten hours, and its answers are believed.
        TableEntity saved = await table.GetEntityAsync<TableEntity>(row[..2], row);
        (DateTimeOffset.FromUnixTimeSeconds(saved.GetInt64("At")!.Value) - now).Duration().ShouldBeLessThan(TimeSpan.FromHours(11));
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
