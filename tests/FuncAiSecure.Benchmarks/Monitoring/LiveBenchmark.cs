using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Live;

namespace FuncAiSecure.Benchmarks.Monitoring;

/// <summary>What the operator page's counters cost a request, and what a look at them costs.</summary>
internal sealed class LiveBenchmark : IBenchmark
{
    private const int Count = 1_000_000;
    private const int Rounds = 5;

    public string Name => "live";

    public string Purpose => "Live statistics: cost a request, alone and on two threads, and cost of a look";

    public Task RunAsync(Report report, CancellationToken cancellation)
    {
        var live = new LiveStatistics(TimeProvider.System);
        var requests = Requests();
        var best = (Alone: double.MaxValue, Together: double.MaxValue, Look: double.MaxValue);
        var allocated = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = GC.GetAllocatedBytesForCurrentThread();
            best.Alone = Math.Min(best.Alone, Nanoseconds(() => CountAll(live, requests)));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            best.Together = Math.Min(best.Together, Nanoseconds(() => Parallel.Invoke(() => CountAll(live, requests), () => CountAll(live, requests))));
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < 100; i++)
            {
                _ = (live.Timeline(), live.Actions(), live.Recent());
            }

            best.Look = Math.Min(best.Look, TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / 100);
        }

        report.Say($"Best of {Rounds} rounds of {Count:N0} requests a thread:");
        report.Table(
            ["what", "value"],
            [
                ["begin and end of a request, ns", Report.Number(best.Alone)],
                ["the same while another thread does it as well, ns", Report.Number(best.Together)],
                ["bytes allocated a request", Report.Number(allocated / (double)Count)],
                ["a look at everything, µs", Report.Number(best.Look)],
            ]);
        return Task.CompletedTask;
    }

    private static void CountAll(LiveStatistics live, FinishedRequest[] requests)
    {
        for (var i = 0; i < Count; i++)
        {
            live.Begin();
            live.End(in requests[i & 1_023]);
        }
    }

    private static double Nanoseconds(Action work)
    {
        var start = TimeProvider.System.GetTimestamp();
        work();
        return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Count;
    }

    private static FinishedRequest[] Requests()
    {
        var random = new Random(1);
        _ = PrincipalId.TryParse("caller", out var principal);
        return
        [
            .. Enumerable.Range(0, 1_024).Select(i => new FinishedRequest(
                $"request-{i}", i % 4 == 0 ? "ListModels" : "Classify", "words", 1, principal, i % 10 == 0 ? Core.RefusalCode.RateLimited : null, false, 200,
                TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 3)))),
        ];
    }
}
