namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>What a load saw.</summary>
internal sealed record LoadResult(long Admitted, double AdmittedPerSecond, TimeSpan P50, TimeSpan P99);

/// <summary>Loads, bounded in time.</summary>
internal static class Load
{
    private const int Samples = 200_000;

    /// <summary>Each caller asks again as soon as it was answered.</summary>
    public static async Task<LoadResult> ClosedAsync(IQuotaDesign design, int callers, TimeSpan time, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var number = 0;
        long admitted = 0;
        var latencies = new List<double>[callers];
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = latencies[caller] = new List<double>();
            long count = 0;
            while (clock.GetElapsedTime(start) < time)
            {
                var from = clock.GetTimestamp();
                count += await design.AdmitAsync(Interlocked.Increment(ref number), ct) ? 1 : 0;
                if (mine.Count < Samples)
                {
                    mine.Add(clock.GetElapsedTime(from).TotalMicroseconds);
                }
            }

            Interlocked.Add(ref admitted, count);
        }, ct)));
        return Result(admitted, clock.GetElapsedTime(start), latencies.SelectMany(list => list));
    }

    /// <summary>Asks at a steady rate, in ticks of 10 ms, whatever the answers take.</summary>
    public static async Task<LoadResult> PacedAsync(IQuotaDesign design, int perSecond, TimeSpan time, CancellationToken ct)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var latencies = new List<double>();
        var waiting = new List<Task>();
        long admitted = 0;
        var sent = 0;
        while (clock.GetElapsedTime(start) is var elapsed && elapsed < time)
        {
            for (var due = (int)(elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                var from = clock.GetTimestamp();
                var answer = design.AdmitAsync(sent, ct);
                if (answer.IsCompletedSuccessfully)
                {
                    admitted += answer.Result ? 1 : 0;
                    latencies.Add(clock.GetElapsedTime(from).TotalMicroseconds);
                }
                else
                {
                    waiting.Add(LaterAsync(answer, from));
                }
            }

            await timer.WaitForNextTickAsync(ct);
        }

        await Task.WhenAll(waiting);
        return Result(admitted, clock.GetElapsedTime(start), latencies);

        async Task LaterAsync(ValueTask<bool> answer, long from)
        {
            var yes = await answer;
            lock (latencies)
            {
                admitted += yes ? 1 : 0;
                latencies.Add(clock.GetElapsedTime(from).TotalMicroseconds);
            }
        }
    }

    private static LoadResult Result(long admitted, TimeSpan time, IEnumerable<double> latencies)
    {
        double[] sorted = [.. latencies.Order()];
        return new LoadResult(admitted, admitted / time.TotalSeconds, At(0.5), At(0.99));

        TimeSpan At(double share) => sorted.Length == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(sorted[(int)(share * (sorted.Length - 1))]);
    }
}
