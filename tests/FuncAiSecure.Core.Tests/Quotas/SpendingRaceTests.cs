using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Core.Tests.Quotas.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Threads that spend from one place at one time: each unit is had once.</summary>
public sealed class SpendingRaceTests
{
    private const int Units = 1_000_000;

    [Fact]
    public void A_bucket_s_tokens_are_had_once()
    {
        var bucket = new TokenBucket(Units, 1, 1_000);

        Spend(() => bucket.TryTake(0, out _, out _)).ShouldBe(Units);
    }

    [Fact]
    public void A_lease_s_units_are_had_once()
    {
        var world = new SimWorld(1);
        var lease = Lease(world, allowance: 0, out _);
        lease.Refund(Units);

        Spend(() => lease.TrySpend(1, 0) == SpendResult.Spent).ShouldBe(Units);
    }

    [Fact]
    public void An_emergency_allowance_is_had_once()
    {
        var world = new SimWorld(1);
        var lease = Lease(world, allowance: Units, out var instance);
        instance.Store.IsAway = true;
        instance.Context.Run(lease.Renew);
        while (lease.TrySpend(1, instance.Time.GetTimestamp()) == SpendResult.Wait)
        {
            world.RunUntil(world.Now + TimeSpan.TicksPerMillisecond);
        }

        // One was had by the question whether the counter is known to be away.
        var now = instance.Time.GetTimestamp();
        Spend(() => lease.TrySpend(1, now) == SpendResult.Spent).ShouldBe(Units - 1);
        lease.Debt.ShouldBe(Units);
    }

    private static WindowLease Lease(SimWorld world, long allowance, out SimInstance instance)
    {
        var options = new QuotaOptions();
        instance = new SimInstance(world, new SimTable(), options, new PlanCatalog(options), SimFaults.None, "i");
        var context = new LedgerContext
        {
            Store = instance.Store,
            Time = instance.Time,
            Clock = new ServiceClock(instance.Time),
            Options = options,
            Log = NullLogger.Instance,
            Metrics = new QuotaMetrics(),
            InstanceId = "i",
        };
        var policy = new Policy { Name = "day", Window = PolicyWindow.Day, Unit = QuotaUnit.Requests, Amount = 10 * Units, EmergencyAllowance = allowance };
        var window = Window.At(PolicyWindow.Day, world.Now);
        return new WindowLease(context, policy, window, QuotaKeys.Counter(QuotaStage.Caller().Id, policy, window), new DemandRate(), instance.Time.GetTimestamp());
    }

    private static int Spend(Func<bool> trySpend)
    {
        var spent = 0;
        using var start = new Barrier(2);
        Thread[] threads = [new(Run), new(Run)];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return spent;

        void Run()
        {
            start.SignalAndWait();
            var count = 0;
            for (var i = 0; i < Units; i++)
            {
                count += trySpend() ? 1 : 0;
            }

            Interlocked.Add(ref spent, count);
        }
    }
}
