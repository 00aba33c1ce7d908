using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Acting;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Tests.Audit;
using FuncAiSecure.Core.Tests.Guards.Extraction;
using FuncAiSecure.Core.Tests.Monitoring;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.Core.Tests.Quotas;
using FuncAiSecure.Core.Tests.TestSupport;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests;

/// <summary>Requests that end while the host stops count as all others do.</summary>
public sealed class StopOrderTests(Azurite azurite) : IClassFixture<Azurite>
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task What_is_spent_of_quotas_while_the_host_stops_is_counted_and_the_rest_returned()
    {
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // A machine that is busy must not make the storage one that does not answer.
            ["FuncAiSecure:Quotas:CallTimeout"] = "00:00:10",
            ["FuncAiSecure:Quotas:AcquireTimeout"] = "00:00:30",
            ["FuncAiSecure:Quotas:Plans:standard:Policies:all:Window"] = "Month",
            ["FuncAiSecure:Quotas:Plans:standard:Policies:all:Amount"] = "100000",
            ["FuncAiSecure:Quotas:Plans:standard:Policies:trial:Window"] = "Month",
            ["FuncAiSecure:Quotas:Plans:standard:Policies:trial:Amount"] = "100000",
            ["FuncAiSecure:Quotas:Plans:standard:Policies:trial:Shadow"] = "true",
        });
        app.Services.AddSingleton(new TableServiceClient(azurite.Service.ConnectionString));
        app.Services.AddFuncAiSecureQuotas(app.Configuration);

        await RunAsync(app, services => AskAsync(services.GetRequiredService<QuotaService>(), 10));

        var usage = await QuotaServiceCollectionExtensions
            .CreateForTools(new TableServiceClient(azurite.Service.ConnectionString), app.Configuration, TimeProvider.System)
            .GetUsageAsync(QuotaStage.Caller().Id, null, default);
        usage.ShouldNotBeNull().Policies.Select(policy => (policy.Name, policy.Used)).ShouldBe([("all", 10), ("trial", 10)]);
    }

    [Fact]
    public async Task What_is_spent_of_a_budget_while_the_host_stops_is_saved()
    {
        var (budgets, store) = (new Budgets(_time), new MemoryBudgets(_time));
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Services.AddSingleton<IHostedService>(new BudgetUpkeep(budgets.Guard, store, new ExtractionOptions(), _time, NullLogger.Instance));

        await RunAsync(app, _ => Task.FromResult(budgets.Ask(count: 30)));

        store.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_learned_and_noticed_while_the_host_stops_is_kept()
    {
        var (store, options, records) = (new MemoryStore(), new BehaviourOptions { MaxPrincipals = 1_024 }, new List<AuditRecord>());
        var monitor = new BehaviourMonitor(options, _time);
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Services.AddSingleton<IHostedService>(services =>
        {
            var lowering = new PlanLowering(null!, store, options, Keep, _time, NullLogger.Instance);
            var responder = new SignalResponder(store, lowering, Keep, services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), NullLogger.Instance);
            return new BehaviourUpkeep(monitor, store, responder, lowering, options, _time, NullLogger.Instance);
        });

        await RunAsync(app, async services =>
        {
            await services.GetServices<IHostedService>().OfType<BehaviourUpkeep>().Single().RunOnceAsync(default);
            var (facts, item) = new Caller(CallerKind.Service, "who", new Chance(1)).Next();
            monitor.Observe(in facts, [item]);
            monitor.Report(Signal.Budget, Budgets.Caller, "m", 1, 1, 1);
        });

        store.States.Count.ShouldBe(2);
        records.ShouldHaveSingleItem().Outcome.ShouldBe("Budget");

        bool Keep(AuditRecord record)
        {
            records.Add(record);
            return true;
        }
    }

    [Fact]
    public async Task What_is_captured_while_the_host_stops_is_stored()
    {
        var table = new FaultyTable();
        var options = new AuditOptions();
        options.CaptureModels.Add("m");
        var store = new PayloadStore(table, new FixedSecrets(), TimeProvider.System);
        using var capture = new PayloadCapture(store, Options.Create(options), TimeProvider.System, NullLogger<PayloadCapture>.Instance);
        var app = Host.CreateEmptyApplicationBuilder(null);
        app.Services.AddSingleton<IHostedService>(capture);

        await RunAsync(app, _ => Task.FromResult(capture.TryCapture(Budgets.Model(), "request-1", [1])));

        table.Rows.ShouldHaveSingleItem().RowKey.ShouldStartWith("request-1.");
    }

    private static async Task RunAsync(HostApplicationBuilder app, Func<IServiceProvider, Task> whileStopping)
    {
        IHost? host = null;
        app.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(new HostsOwn(() => whileStopping(host!.Services))));
        using (host = app.Build())
        {
            await host.StartAsync();
            await host.StopAsync();
        }
    }

    private static async Task AskAsync(QuotaService quotas, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var admission = await quotas.AdmitAsync(QuotaStage.Caller(), null, default);
            admission.Refusal.ShouldBeNull();
            admission.Lease.Complete(ran: true);
        }
    }
}
