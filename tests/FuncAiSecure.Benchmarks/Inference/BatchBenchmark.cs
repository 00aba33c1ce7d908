using FuncAiSecure.Core.Inference;

namespace FuncAiSecure.Benchmarks.Inference;

/// <summary>What sharing runs buys and what it costs: the same model with and without, in turn; a heavy caller beside a light one.</summary>
internal sealed class BatchBenchmark : IBenchmark
{
    private const int Rounds = 5;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(700);

    public string Name => "batch";

    public string Purpose => "Requests that share runs, against single runs";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        using var runtime = BenchModel.Runtime();
        await using var single = await BenchModel.LoadAsync(runtime, 1);
        await using var shared = await BenchModel.LoadAsync(runtime, 16);
        report.Say($"A model of six dense layers (256, 1024), {runtime.ConcurrentRuns} runs at once. Ratios are shared over single, medians of {Rounds} interleaved rounds.");
        var rows = new List<IReadOnlyList<string>>();
        int[] mix = [9, 12, 16, 17, 21, 24, 30, 33, 41, 55, 64, 16, 12, 20, 28, 90];
        foreach (var (name, lengthOf) in new (string, Func<int, int>)[] { ("16 tokens", _ => 16), ("128 tokens", _ => 128), ("mixed, 9 to 90", count => mix[count % mix.Length]) })
        {
            foreach (var callers in new[] { 1, 8, 32 })
            {
                rows.Add(await CompareAsync(name, single, shared, callers, lengthOf, cancellation));
            }
        }

        report.Table(["", "callers", "req/s single", "req/s ratio", "p50 ratio", "p99 ratio", "CPU ratio"], rows);
        await FairnessAsync(report, shared, "room for all");
        using var small = BenchModel.Runtime(maxWaiting: 16);
        await using var full = await BenchModel.LoadAsync(small, 16);
        await FairnessAsync(report, full, "a queue of 16, full");
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(
        string name, OnnxModel single, OnnxModel shared, int callers, Func<int, int> lengthOf, CancellationToken cancellation)
    {
        var (rates, p50, p99, cpu, plain) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var alice = BenchModel.Principal("alice");
        for (var round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var order = round % 2 == 0 ? new[] { single, shared } : [shared, single];
            var first = await ClosedLoop.RunAsync(order[0], alice, callers, Slice, lengthOf);
            var second = await ClosedLoop.RunAsync(order[1], alice, callers, Slice, lengthOf);
            var (one, many) = round % 2 == 0 ? (first, second) : (second, first);
            plain.Add(one.PerSecond);
            rates.Add(many.PerSecond / one.PerSecond);
            p50.Add(many.At(0.5) / one.At(0.5));
            p99.Add(many.At(0.99) / one.At(0.99));
            cpu.Add(many.CpuMillis / one.CpuMillis);
        }

        return
        [
            name, Report.Number(callers), Report.Number(Benchmarks.Rounds.Median(plain)), Report.Number(Benchmarks.Rounds.Median(rates)),
            Report.Number(Benchmarks.Rounds.Median(p50)), Report.Number(Benchmarks.Rounds.Median(p99)), Report.Number(Benchmarks.Rounds.Median(cpu)),
        ];
    }

    private static async Task FairnessAsync(Report report, OnnxModel model, string queue)
    {
        var length = TimeSpan.FromSeconds(3);
        var alone = await ClosedLoop.RunAsync(model, BenchModel.Principal("light"), 4, length, _ => 16);
        var heavy = ClosedLoop.RunAsync(model, BenchModel.Principal("heavy"), 40, length, _ => 16);
        var light = await ClosedLoop.RunAsync(model, BenchModel.Principal("light"), 4, length, _ => 16);
        var other = await heavy;
        report.Say($"A caller with 40 requests at once beside one with 4 (10 to 1), 16 tokens each; {queue}.");
        report.Table(
            ["", "requests at once", "answered/s", "share", "refused/s", "p50 ms", "p99 ms"],
            [Row("light, alone", 4, alone, 1), Row("light, beside heavy", 4, light, light.PerSecond / (light.PerSecond + other.PerSecond)), Row("heavy", 40, other, other.PerSecond / (light.PerSecond + other.PerSecond))]);
    }

    private static IReadOnlyList<string> Row(string name, int callers, LoopResult result, double share) =>
        [name, Report.Number(callers), Report.Number(result.PerSecond), Report.Number(share), Report.Number(result.Refused / result.Elapsed.TotalSeconds), Report.Number(result.At(0.5)), Report.Number(result.At(0.99))];
}
