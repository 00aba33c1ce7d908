using FuncAiSecure.Core.Inference;

namespace FuncAiSecure.Benchmarks.Inference;

/// <summary>Memory over load and unload, and how fast a run ends whose caller has gone.</summary>
internal sealed class SessionBenchmark : IBenchmark
{
    private const int Cycles = 200;

    private static readonly TimeProvider Clock = TimeProvider.System;

    public string Name => "session";

    public string Purpose => "Sessions: memory over 200 loads, time to end an abandoned run";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        using var runtime = BenchModel.Runtime();
        await MemoryAsync(report, runtime, cancellation);
        await AbandonAsync(report, runtime, cancellation);
    }

    private static async Task MemoryAsync(Report report, OnnxModelRuntime runtime, CancellationToken cancellation)
    {
        using var request = BenchModel.Request(64);
        var rows = new List<IReadOnlyList<string>>();
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var model = await BenchModel.LoadAsync(runtime, 8);
            using var outcome = await InferenceEngine.InferAsync(model, request, BenchModel.Principal("a"), cancellation);
            if (cycle is 10 or 50 or 100 or 150 or Cycles)
            {
                rows.Add([Report.Number(cycle), Report.Number(Resident() / (1024.0 * 1024))]);
            }
        }

        report.Say($"Load, one run, unload, {Cycles} times (a graph of {BenchModel.Folder(1).Model.Length / (1024.0 * 1024):F1} MiB):");
        report.Table(["cycles", "resident MiB"], rows);
    }

    private static async Task AbandonAsync(Report report, OnnxModelRuntime runtime, CancellationToken cancellation)
    {
        // A run of about a second, in steps of a layer.
        await using var model = await BenchModel.LoadAsync(runtime, 1);
        using var request = BenchModel.Request(4096);
        var times = new List<double>();
        for (var round = 0; round < 20; round++)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var running = Task.Run(async () => await InferenceEngine.InferAsync(model, request, BenchModel.Principal("a"), gone.Token), CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(50), Clock, cancellation);
            var start = Clock.GetTimestamp();
            await gone.CancelAsync();
            try
            {
                (await running).Dispose();
            }
            catch (OperationCanceledException)
            {
                times.Add(Clock.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        times.Sort();
        report.Say($"A run over 4,096 tokens, abandoned after 50 ms: {times.Count} of 20 were ended, median {Report.Number(times[times.Count / 2])} ms, longest {Report.Number(times[^1])} ms after the caller went.");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
