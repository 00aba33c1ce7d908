using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Quotas.Simulation;

/// <summary>One instance of the app: the product's own service on simulated time and storage.</summary>
internal sealed class SimInstance
{
    private static readonly QuotaMetrics Metrics = new();
    private readonly Action _stop;

    public SimInstance(SimWorld world, SimTable table, QuotaOptions options, PlanCatalog plans, SimFaults faults, string name)
    {
        Context = new SimContext(world);
        var skew = TimeSpan.FromSeconds((world.Random.NextDouble() - 0.5) * 7_200);
        Time = new SimTime(world, Context, skew, (world.Random.NextDouble() - 0.5) * 200e-6);
        var clock = new ServiceClock(Time);
        Store = new SimStore(world, table, Context, clock, Time, faults);
        var jitter = new Random(world.Random.Next());
        Quotas = new QuotaService(
            new LedgerContext
            {
                Store = Store,
                Time = Time,
                Clock = clock,
                Options = options,
                Log = NullLogger.Instance,
                Metrics = Metrics,
                InstanceId = name,
                Jitter = jitter.NextDouble,
            },
            plans);
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel; // CancelAsync would leave this thread
        Context.Run(() => Upkeep = QuotaUpkeep.RunAsync(Quotas, stop.Token));
    }

    public SimContext Context { get; }

    public SimTime Time { get; }

    public SimStore Store { get; }

    public QuotaService Quotas { get; }

    public Task Upkeep { get; private set; } = Task.CompletedTask;

    /// <summary>SIGKILL: nothing of it runs any more; what it sent may still arrive.</summary>
    public void Crash() => Context.IsDead = true;

    /// <summary>SIGTERM: returns its leases.</summary>
    public void Stop() => Context.Run(() => _ = StopAsync());

    /// <summary>The host sends nothing new to an instance that stops.</summary>
    public bool IsStopped { get; private set; }

    private async Task StopAsync()
    {
        IsStopped = true;
        _stop();
        await Quotas.CloseAsync();
    }
}
