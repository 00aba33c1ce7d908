using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>What a decision costs while its leases are warm, on one thread.</summary>
internal static class WarmPath
{
    private const int Batches = 2_000;
    private const int BatchSize = 200;

    public static void Measure(Report report, CancellationToken ct)
    {
        var principal = Principals.New();
        var quotas = Create();
        var buffer = new char[1_024];
        var nothing = new ConcurrencyGate();
        (string Name, Action Work)[] candidates =
        [
            ("an interlocked enter and leave", () =>
            {
                nothing.TryEnter(10);
                nothing.Leave();
            }),
            ("admit, complete (burst, concurrency, hour, day)", () => Admit(quotas, principal).Complete(ran: true)),
            ("the same with input units", () => Reserve(quotas, principal).Complete(ran: true)),
            ("the same with input units and RateLimit written", () =>
            {
                var lease = Reserve(quotas, principal);
                lease.TryFormatRateLimit(buffer, out _);
                lease.Complete(ran: true);
            }),
        ];
        var rows = candidates.Select(_ => (Nanos: new List<double>(), Bytes: new List<double>())).ToList();
        for (var round = -200; round < Batches; round++)
        {
            ct.ThrowIfCancellationRequested();
            for (var i = 0; i < candidates.Length; i++)
            {
                var (nanos, bytes) = Batch(candidates[i].Work);
                if (round >= 0)
                {
                    rows[i].Nanos.Add(nanos);
                    rows[i].Bytes.Add(bytes);
                }
            }
        }

        report.Say($"Warm leases, one thread, amounts that last. Medians of {Batches} interleaved batches of {BatchSize} decisions: a batch is "
            + "shorter than a time slice, so that most batches are not interrupted by whatever else the machine does.");
        report.Table(
            ["decision", "ns", "bytes"],
            candidates.Select((candidate, i) => new[]
            {
                candidate.Name, Report.Number(Rounds.Median(rows[i].Nanos)), Report.Number(Rounds.Median(rows[i].Bytes)),
            }));
    }

    private static (double Nanos, double Bytes) Batch(Action work)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < BatchSize; i++)
        {
            work();
        }

        var elapsed = TimeProvider.System.GetElapsedTime(start);
        return (elapsed.TotalNanoseconds / BatchSize, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)BatchSize);
    }

    private static QuotaLease Reserve(QuotaService quotas, Principal principal)
    {
        var lease = Admit(quotas, principal);
        return lease.ReserveInputUnitsAsync(20, CancellationToken.None).GetAwaiter().GetResult() is null
            ? lease
            : throw new InvalidOperationException("Refused in the middle of a benchmark.");
    }

    private static QuotaLease Admit(QuotaService quotas, Principal principal)
    {
        var admission = quotas.AdmitAsync(principal, "model", CancellationToken.None).GetAwaiter().GetResult();
        return admission.IsAdmitted ? admission.Lease : throw new InvalidOperationException("Refused in the middle of a benchmark.");
    }

    private static QuotaService Create()
    {
        var options = new QuotaOptions
        {
            Plans =
            {
                ["standard"] = new PlanOptions
                {
                    Policies =
                    {
                        ["burst"] = new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1_000_000, RefillPerSecond = 1_000_000 },
                        ["concurrent"] = new PolicyOptions { Window = PolicyWindow.Concurrent, Amount = 8 },
                        ["hour"] = new PolicyOptions { Window = PolicyWindow.Hour, Amount = 1_000_000_000_000 },
                        ["day"] = new PolicyOptions { Window = PolicyWindow.Day, Amount = 1_000_000_000_000 },
                        ["units"] = new PolicyOptions { Window = PolicyWindow.Month, Unit = QuotaUnit.InputUnits, Amount = 1_000_000_000_000 },
                    },
                },
            },
            LeaseDuration = TimeSpan.FromSeconds(30),
        };
        var time = TimeProvider.System;
        var clock = new ServiceClock(time);
        return new QuotaService(
            new LedgerContext
            {
                Store = new GenerousStore(clock, time),
                Time = time,
                Clock = clock,
                Options = options,
                Log = NullLogger.Instance,
                Metrics = new QuotaMetrics(),
                InstanceId = "bench",
            },
            new PlanCatalog(options));
    }

    /// <summary>A table that grants at once.</summary>
    private sealed class GenerousStore(ServiceClock clock, TimeProvider time) : IQuotaStore
    {
        private int _version;

        public ValueTask<StoreRead> ReadAsync(RowAddress address, CancellationToken ct) => new(new StoreRead(StoreOutcome.Missing));

        public ValueTask<StoreWrite> InsertAsync(RowAddress address, WindowRow row, CancellationToken ct) => Write();

        public ValueTask<StoreWrite> ReplaceAsync(RowAddress address, WindowRow row, string etag, CancellationToken ct) => Write();

        public ValueTask<StorePlan> ReadPlanAsync(RowAddress address, CancellationToken ct)
        {
            var now = time.GetTimestamp();
            clock.Observe(time.GetUtcNow(), now, now);
            return new(new StorePlan(StoreOutcome.Missing));
        }

        public ValueTask<StoreOutcome> WritePlanAsync(RowAddress address, string? plan, CancellationToken ct) => new(StoreOutcome.Done);

        public ValueTask<int?> SweepAsync(DateTime endedBefore, CancellationToken ct) => new((int?)0);

        private ValueTask<StoreWrite> Write() => new(new StoreWrite(StoreOutcome.Done, $"{Interlocked.Increment(ref _version)}"));
    }
}
