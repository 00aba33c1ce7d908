using System.Globalization;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Watching;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;

namespace FuncAiSecure.Benchmarks.Monitoring;

/// <summary>Simulated honest weeks and attacks: false alarms, detection delays, cost.</summary>
internal sealed class BehaviourBenchmark : IBenchmark
{
    private const int Worlds = 8;
    private const int Weeks = 4;
    private const int Trials = 6;
    private static readonly CallerKind[] Kinds = Enum.GetValues<CallerKind>();

    public string Name => "behaviour";

    public string Purpose => "Behaviour: false alarms of honest weeks, delay until an attack is noticed, cost";

    public Task RunAsync(Report report, CancellationToken cancellation)
    {
        FalseAlarms(report, cancellation);
        Delays(report, cancellation);
        Cost(report);
        return Task.CompletedTask;
    }

    private static void FalseAlarms(Report report, CancellationToken cancellation)
    {
        var counts = new Dictionary<(CallerKind? Kind, Signal Signal), int>();
        for (var seed = 1; seed <= Worlds; seed++)
        {
            cancellation.ThrowIfCancellationRequested();
            var world = new World((ulong)seed, Kinds);
            world.Run(TimeSpan.FromDays(7 * (Weeks + 1)));
            foreach (var anomaly in world.Anomalies)
            {
                CallerKind? kind = anomaly.Principal is null ? null : Kinds.Single(kind => anomaly.Principal.StartsWith($"caller-{kind}-", StringComparison.Ordinal));
                counts[(kind, anomaly.Signal)] = counts.GetValueOrDefault((kind, anomaly.Signal)) + 1;
            }
        }

        // The first days only learn: the weeks counted are those in which a signal could be raised.
        var judged = Worlds * ((7.0 * (Weeks + 1)) - 3) / 7;
        report.Say("False alarms a principal and week (drift: a model and week), "
            + $"{Worlds} worlds of {Kinds.Length} honest callers over {Weeks + 1} weeks, {judged:F0} judged weeks a row:");
        Signal[] signals = [Signal.Burst, Signal.Misuse, Signal.Probing, Signal.Extraction];
        report.Table(
            ["honest caller", .. signals.Select(signal => signal.ToString()), "all"],
            [
                .. Kinds.Select(kind => (IReadOnlyList<string>)
                [
                    kind.ToString(),
                    .. signals.Select(signal => Rate(counts.GetValueOrDefault((kind, signal)))),
                    Rate(signals.Sum(signal => counts.GetValueOrDefault((kind, signal)))),
                ]),
                ["the model (Drift)", "", "", "", "", Rate(counts.GetValueOrDefault((null, Signal.Drift)))],
            ]);

        string Rate(int count) => (count / judged).ToString("0.000", CultureInfo.InvariantCulture);
    }

    private static void Delays(Report report, CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var attack in Attack.All)
        {
            var delays = new List<double>();
            var requests = new List<int>();
            var tried = 0;
            var missed = new SortedDictionary<CallerKind, int>();
            foreach (var kind in Kinds)
            {
                for (var seed = 1; seed <= Trials; seed++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var world = new World((ulong)(1_000 + seed), kind, CallerKind.Service);
                    world.Run(TimeSpan.FromDays(9) + TimeSpan.FromHours(3 * seed));
                    tried++;
                    if (world.RunUntilNoticed(attack, TimeSpan.FromDays(2)) is { } delay)
                    {
                        delays.Add(delay.TotalMinutes);
                        requests.Add(world.AttackRequests);
                    }
                    else
                    {
                        missed[kind] = missed.GetValueOrDefault(kind) + 1;
                    }
                }
            }

            delays.Sort();
            requests.Sort();
            rows.Add(
            [
                attack.Name,
                attack.Signal.ToString(),
                $"{delays.Count}/{tried}",
                delays.Count == 0 ? "-" : Report.Number(delays[delays.Count / 2]),
                delays.Count == 0 ? "-" : Report.Number(delays[^1]),
                string.Join(", ", missed.Select(pair => $"{pair.Key} {pair.Value}")),
                requests.Count == 0 || attack.Next is null ? "-" : requests[requests.Count / 2].ToString(CultureInfo.InvariantCulture),
            ]);
        }

        report.Say("Attacks beside honest traffic of each kind of caller, after nine days and some hours:");
        report.Table(["attack", "signal", "noticed", "minutes, median", "minutes, longest", "not noticed within two days, by honest caller", "attack requests, median"], rows);
    }

    private static void Cost(Report report)
    {
        const int count = 400_000;
        var monitor = new BehaviourMonitor(new BehaviourOptions(), TimeProvider.System);
        var caller = new Caller(CallerKind.Busy, "caller", new Chance(1));
        var prepared = Enumerable.Range(0, 1_024).Select(_ => caller.Next()).ToArray();
        var text = string.Concat(Enumerable.Repeat("the service was slow and the room was cold ", 12));
        var best = (Observe: double.MaxValue, Sketch: double.MaxValue);
        var allocated = 0L;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                ref var one = ref prepared[i & 1_023];
                monitor.Observe(in one.Facts, new ReadOnlySpan<ItemFacts>(in one.Item));
            }

            best.Observe = Math.Min(best.Observe, TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / count);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            start = TimeProvider.System.GetTimestamp();
            var sum = 0UL;
            for (var i = 0; i < count / 10; i++)
            {
                sum ^= InputSketch.Of(text);
            }

            GC.KeepAlive(sum);
            best.Sketch = Math.Min(best.Sketch, TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / (count / 10));
        }

        report.Say("Cost, best of five rounds:");
        report.Table(
            ["what", "value"],
            [
                ["observing a request with one input, ns", Report.Number(best.Observe)],
                ["sketching a text of 512 characters and more, ns", Report.Number(best.Sketch)],
                ["bytes allocated by 400,000 observations", Report.Number(allocated)],
                ["bytes a principal's profile", ProfileTable.BytesEach.ToString(CultureInfo.InvariantCulture)],
            ]);
    }
}
