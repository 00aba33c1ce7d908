using System.Globalization;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// The whole chain over HTTP beside a bare endpoint on the same model in the same process: what all controls together cost. Client,
/// servers and kernel share the processor time that is counted; the client's part is the same for all, so the difference is the chain's.
/// </summary>
internal sealed class HttpBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <inheritdoc />
    public string Name => "http";

    /// <inheritdoc />
    public string Purpose => "The whole chain over HTTP beside a bare endpoint on the same model";

    /// <inheritdoc />
    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var product = await ServedProduct.StartAsync(cancellation);
        using var endpoint = BareEndpoint.OfWine();
        await using var bare = await endpoint.StartAsync(cancellation);
        var bareAddress = new Uri(bare.Urls.First());
        var body = ServedProduct.WineRequest();
        const string Target = "POST /v2/models/wine/infer";
        Peer[] peers =
        [
            new("bare", () => new WireClient(bareAddress, Target, body), 200),
            new("product, API key", () => new WireClient(product.Address, Target, body, product.Key), 200),
        ];
        foreach (var peer in peers)
        {
            await MeasureAsync(peer, 32, WarmUp, cancellation);
        }

        report.Say($"Model `wine` (13 numbers in, 3 out), {Rounds} interleaved rounds of {Slice.TotalMilliseconds} ms each, after {WarmUp.TotalSeconds} s of warm-up. "
            + "CPU is that of the whole process, client and kernel included; the client's share is the same for both rows. Load averages before: "
            + $"{LoadAverage()}.");
        foreach (var connections in new[] { 32, 8, 1 })
        {
            await CompareAsync(report, peers, connections, cancellation);
        }

        await ShipAsync(report, product, cancellation);
        report.Say($"Load averages after: {LoadAverage()}.");
        await bare.StopAsync(cancellation);
    }

    private static async Task CompareAsync(Report report, Peer[] peers, int connections, CancellationToken cancellation)
    {
        var samples = peers.Select(_ => new List<Sample>()).ToList();
        foreach (var (_, index) in Benchmarks.Rounds.Interleaved(Rounds, peers.Length))
        {
            samples[index].Add(await MeasureAsync(peers[index], connections, Slice, cancellation));
        }

        report.Say($"**{connections} connection{(connections == 1 ? "" : "s")}**");
        report.Table(
            ["peer", "requests/s", "over bare", "p50 ms", "p99 ms", "CPU µs/request", "over bare", "bytes/request", "over bare", "failed"],
            peers.Select((peer, i) => new[]
            {
                peer.Name,
                Report.Number(Median(samples[i], s => s.PerSecond)),
                Report.Number(Median([.. samples[i].Select((s, round) => s.PerSecond / samples[0][round].PerSecond)])) + "×",
                Report.Number(Median(samples[i], s => s.P50)),
                Report.Number(Median(samples[i], s => s.P99)),
                Report.Number(Median(samples[i], s => s.Micros)),
                Report.Number(Median([.. samples[i].Select((s, round) => s.Micros - samples[0][round].Micros)])),
                Report.Number(Median(samples[i], s => s.Bytes)),
                Report.Number(Median([.. samples[i].Select((s, round) => s.Bytes - samples[0][round].Bytes)])),
                samples[i].Sum(s => s.Failed).ToString(CultureInfo.InvariantCulture),
            }));
    }

    // Records go to the table in the background; what that costs is counted apart, because it may lag behind.
    private static async Task ShipAsync(Report report, ServedProduct product, CancellationToken cancellation)
    {
        var records = product.Backlog;
        var start = Clock.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        while (product.Backlog > 0 && Clock.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            await product.ShipAsync(patience.Token);
        }

        var sent = records - product.Backlog;
        var elapsed = Clock.GetElapsedTime(start);
        report.Say($"Audit records go to table storage in the background, counted apart: {Report.Number((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Math.Max(1, sent))} µs CPU "
            + $"a record in this process, {Report.Number(sent / elapsed.TotalSeconds)} records/s into Azurite on the same cores ({Report.Number(sent)} of {Report.Number(records)} sent).");
    }

    private static async Task<Sample> MeasureAsync(Peer peer, int connections, TimeSpan length, CancellationToken cancellation)
    {
        var clients = Enumerable.Range(0, connections).Select(_ => peer.Connect()).ToList();
        try
        {
            var latencies = clients.Select(_ => new List<double>(64 * 1024)).ToList();
            await clients[0].ExchangeAsync(cancellation);
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var cpu = Environment.CpuUsage.TotalTime;
            var start = Clock.GetTimestamp();
            var failed = await Task.WhenAll(clients.Select((client, i) => Task.Run(() => LoopAsync(client, peer.Status, latencies[i], start, length, cancellation), cancellation)));
            var elapsed = Clock.GetElapsedTime(start);
            cpu = Environment.CpuUsage.TotalTime - cpu;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            double[] sorted = [.. latencies.SelectMany(list => list).Order()];
            return new Sample(
                sorted.Length / elapsed.TotalSeconds, sorted[sorted.Length / 2], sorted[(int)(0.99 * (sorted.Length - 1))],
                cpu.TotalMicroseconds / sorted.Length, (double)bytes / sorted.Length, failed.Sum());
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static async Task<int> LoopAsync(WireClient client, int status, List<double> latencies, long start, TimeSpan length, CancellationToken cancellation)
    {
        var failed = 0;
        while (Clock.GetElapsedTime(start) < length)
        {
            var begin = Clock.GetTimestamp();
            failed += await client.ExchangeAsync(cancellation) == status ? 0 : 1;
            latencies.Add(Clock.GetElapsedTime(begin).TotalMilliseconds);
        }

        return failed;
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    private static double Median(List<Sample> samples, Func<Sample, double> part) => Median([.. samples.Select(part)]);

    private static double Median(IReadOnlyList<double> values) => Benchmarks.Rounds.Median(values);

    private sealed record Peer(string Name, Func<WireClient> Connect, int Status);

    private sealed record Sample(double PerSecond, double P50, double P99, double Micros, double Bytes, int Failed);
}
