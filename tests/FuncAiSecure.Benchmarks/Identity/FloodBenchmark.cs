using System.Globalization;
using System.Text.Json;
using FuncAiSecure.Benchmarks.Http;
using FuncAiSecure.Core.Tests.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Benchmarks.Identity;

/// <summary>
/// What a flood of forged tokens takes from a legitimate caller, over HTTP against the whole chain, beside what as many requests take
/// that show no credential, or ask what anybody may ask. Client, server and kernel share the cores.
/// </summary>
internal sealed class FloodBenchmark : IBenchmark
{
    private const int Rounds = 9;
    private const int Tokens = 256;
    private const int Sources = 8;
    private const int Callers = 2;
    private const string Infer = "POST /v2/models/wine/infer";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly int[] Rates = [1_000, 7_000];
    private static readonly TimeProvider Clock = TimeProvider.System;

    public string Name => "flood";

    public string Purpose => "What a flood of forged tokens from one source takes from a legitimate caller";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var issuer = await LocalIssuer.StartAsync();
        issuer.Published.Add(LocalIssuer.NewRsa("k"));
        await using var product = await ServedProduct.StartAsync(cancellation, Settings(issuer));
        var stranger = LocalIssuer.NewRsa("k");
        var body = Body();
        var caller = new Traffic("the caller", [new WireClient(product.Address, Infer, body, product.Key, From("203.0.113.9")), new WireClient(product.Address, Infer, body, product.Key, From("203.0.113.9"))], 200);
        Traffic[] floods =
        [
            new("none", [], 0),
            new("what anybody may ask (health)", Connect(Tokens, _ => new WireClient(product.Address, "GET /v2/health/live", "", null, From("198.51.100.7"))), 200),
            new("no credential", Connect(Tokens, _ => new WireClient(product.Address, Infer, body, null, From("198.51.100.7"))), 401),
            new("forged tokens", Connect(Tokens, i => new WireClient(product.Address, Infer, body, null, From("198.51.100.7") + $"Authorization: Bearer {Token(issuer, stranger, i)}\r\n")), 429),
        ];
        foreach (var flood in floods)
        {
            await MeasureAsync(caller, flood, Rates[^1], WarmUp, cancellation);
        }

        report.Say($"{Rounds} interleaved rounds of {Slice.TotalMilliseconds} ms each. The caller has an API key, {Callers} connections and no pause; the flood has {Sources} "
            + $"connections at a time, one source address, and {Tokens} different tokens of a kilobyte that name the issuer's key and are signed by another. Flood, caller and "
            + "server share the two cores, so what the flood takes holds its own client's work too: compare the forged tokens with the two controls, "
            + "which cost the client as much. \"CPU\" is that of the whole process for one request of the flood without the caller.");
        foreach (var rate in Rates)
        {
            await CompareAsync(report, caller, floods, rate, cancellation);
        }

        Chain(report, product, [.. Enumerable.Range(0, Tokens).Select(i => Token(issuer, stranger, i))], body, cancellation);
        report.Say($"Load averages after: {File.ReadAllText("/proc/loadavg")[..14]}.");
        foreach (var client in floods.SelectMany(flood => flood.Clients).Concat(caller.Clients))
        {
            client.Dispose();
        }
    }

    private static async Task CompareAsync(Report report, Traffic caller, Traffic[] floods, int rate, CancellationToken cancellation)
    {
        var samples = floods.Select(_ => new List<Sample>()).ToArray();
        var alone = floods.Select(_ => new List<Sample>()).ToArray();
        foreach (var (_, index) in Benchmarks.Rounds.Interleaved(Rounds, floods.Length))
        {
            samples[index].Add(await MeasureAsync(caller, floods[index], rate, Slice, cancellation));
            alone[index].Add(await MeasureAsync(caller with { Clients = [] }, floods[index], rate, Slice, cancellation));
        }

        report.Say($"**{rate.ToString("N0", CultureInfo.InvariantCulture)} requests a second wanted**");
        report.Table(
            ["flood", "flood/s", "caller/s", "of none", "of no credential", "p50 ms", "p99 ms", "CPU µs", "over no credential", "other answers"],
            floods.Select((flood, i) => (IReadOnlyList<string>)
            [
                flood.Name,
                Number(samples[i], s => s.FloodPerSecond),
                Number(samples[i], s => s.PerSecond),
                Ratio(samples[i], samples[0]),
                Ratio(samples[i], samples[2]),
                Number(samples[i], s => s.P50),
                Number(samples[i], s => s.P99),
                flood.Clients.Length == 0 ? "" : Number(alone[i], s => s.FloodMicros),
                flood.Clients.Length == 0 ? "" : Report.Number(Median(alone[i].Zip(alone[2], (mine, its) => mine.FloodMicros - its.FloodMicros))),
                Report.Number(samples[i].Sum(s => s.Unexpected)),
            ]));
    }

    // The server's share alone: no socket, no client.
    private static void Chain(Report report, ServedProduct product, string[] tokens, string body, CancellationToken cancellation)
    {
        const string Path = "/v2/models/wine/infer";
        using var nowhere = new TapRequest("GET", "/nowhere", "");
        using var anybody = new TapRequest("GET", "/v2/health/live", "");
        using var nobody = new TapRequest("POST", Path, body, ("X-Forwarded-For", "198.51.100.7"));
        using var caller = new TapRequest("POST", Path, body, ("X-Forwarded-For", "203.0.113.9"), ("x-api-key", product.Key));
        TapRequest[] forged = [.. tokens.Select(token => new TapRequest("POST", Path, body, ("X-Forwarded-For", "198.51.100.7"), ("Authorization", "Bearer " + token)))];
        var next = 0;
        (string Name, Action Work)[] candidates =
        [
            ("no such route", Send(product, () => nowhere, 404)),
            ("what anybody may ask (health)", Send(product, () => anybody, 200)),
            ("no credential", Send(product, () => nobody, 401)),

            // Twice a minute or so the source may fail once more, with 401.
            ("forged tokens", Send(product, () => forged[next++ % forged.Length], 429, 401)),
            ("the caller: API key, inference", Send(product, () => caller, 200)),
        ];
        var timings = new Benchmarks.Rounds(401, TimeSpan.FromMilliseconds(2)).Run(candidates, cancellation);
        report.Say($"**The server's share**, one request after the other without a socket or a client. The last column is what {Rates[^1]:N0} a second take of "
            + $"{Environment.ProcessorCount} cores.");
        report.Table(["request", "median µs", "least µs", "bytes allocated", "of the cores, by the least"], timings.Select(t => (IReadOnlyList<string>)
        [
            t.Name, Report.Number(t.Micros), Report.Number(t.Least), Report.Number(t.Bytes),
            Report.Number(t.Least * Rates[^1] / 1e4 / Environment.ProcessorCount) + " %",
        ]));
        foreach (var request in forged)
        {
            request.Dispose();
        }
    }

    private static Action Send(ServedProduct product, Func<TapRequest> next, params int[] expected) => () =>
    {
        var exchange = product.Tap.ExchangeAsync(next());
        var status = exchange.IsCompletedSuccessfully ? exchange.Result : exchange.GetAwaiter().GetResult();
        if (!expected.Contains(status))
        {
            throw new InvalidOperationException($"Answered {status}, not {expected[0]}.");
        }
    };

    private static async Task<Sample> MeasureAsync(Traffic caller, Traffic flood, int rate, TimeSpan length, CancellationToken cancellation)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Clock.GetTimestamp();
        var lanes = Enumerable.Range(0, flood.Clients.Length == 0 ? 0 : Sources)
            .Select(lane => Task.Run(() => FloodAsync(flood, lane, (double)rate / Sources, start, length, cancellation), cancellation)).ToArray();
        var calls = caller.Clients.Select(client => Task.Run(() => CallAsync(client, caller.Status, start, length, cancellation), cancellation)).ToArray();
        var flooded = await Task.WhenAll(lanes);
        var called = await Task.WhenAll(calls);
        var elapsed = Clock.GetElapsedTime(start).TotalSeconds;
        double[] latencies = [.. called.SelectMany(one => one.Latencies).Order()];
        var sent = flooded.Sum(one => one.Sent);
        return new Sample(
            latencies.Length / elapsed,
            latencies.Length == 0 ? 0 : latencies[latencies.Length / 2],
            latencies.Length == 0 ? 0 : latencies[(int)(0.99 * (latencies.Length - 1))],
            sent / elapsed,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Math.Max(1, sent),
            flooded.Sum(one => one.Unexpected) + called.Sum(one => one.Unexpected));
    }

    // As many as are due by now, then a pause: what the server cannot take in time is not made up for by waiting requests.
    private static async Task<(int Sent, int Unexpected)> FloodAsync(
        Traffic flood, int lane, double perSecond, long start, TimeSpan length, CancellationToken cancellation)
    {
        var own = flood.Clients.Where((_, i) => i % Sources == lane).ToArray();
        var (sent, unexpected) = (0, 0);
        while (Clock.GetElapsedTime(start) is var now && now < length)
        {
            if (sent >= now.TotalSeconds * perSecond)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), Clock, cancellation);
                continue;
            }

            unexpected += await own[sent % own.Length].ExchangeAsync(cancellation) == flood.Status ? 0 : 1;
            sent++;
        }

        return (sent, unexpected);
    }

    private static async Task<(List<double> Latencies, int Unexpected)> CallAsync(
        WireClient client, int status, long start, TimeSpan length, CancellationToken cancellation)
    {
        var latencies = new List<double>(64 * 1024);
        var unexpected = 0;
        while (Clock.GetElapsedTime(start) < length)
        {
            var begin = Clock.GetTimestamp();
            unexpected += await client.ExchangeAsync(cancellation) == status ? 0 : 1;
            latencies.Add(Clock.GetElapsedTime(begin).TotalMilliseconds);
        }

        return (latencies, unexpected);
    }

    private static WireClient[] Connect(int count, Func<int, WireClient> connect) => [.. Enumerable.Range(0, count).Select(connect)];

    private static string From(string address) => $"X-Forwarded-For: {address}\r\n";

    private static string Token(LocalIssuer issuer, RsaSecurityKey key, int number)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = issuer.Issuer,
            ["aud"] = "bench",
            ["azp"] = "app",
            ["exp"] = now + 3_600,
            ["jti"] = number.ToString(CultureInfo.InvariantCulture),
            ["roles"] = new[] { "FuncAi.Infer" },
            ["padding"] = new string('p', 300),
        };
        return LocalIssuer.Sign(key, "RS256", claims);
    }

    private static Dictionary<string, string?> Settings(LocalIssuer issuer) => new()
    {
        ["FuncAiSecure:Network:TrustedProxies:0"] = "127.0.0.1/32",
        ["FuncAiSecure:Tokens:Issuers:0:Name"] = "bench",
        ["FuncAiSecure:Tokens:Issuers:0:Issuer"] = issuer.Issuer,
        ["FuncAiSecure:Tokens:Issuers:0:Audiences:0"] = "bench",
        ["FuncAiSecure:Tokens:Issuers:0:CertificateFile"] = issuer.RootFile,
    };

    private static string Body()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "models", "wine", "1", "golden.json")));
        return $$"""{"inputs":{{golden.RootElement.GetProperty("cases")[0].GetProperty("inputs").GetRawText()}}}""";
    }

    private static string Number(List<Sample> samples, Func<Sample, double> part) => Report.Number(Median(samples.Select(part)));

    private static string Ratio(List<Sample> samples, List<Sample> baseline) =>
        Report.Number(Median(samples.Zip(baseline, (mine, its) => mine.PerSecond / its.PerSecond))) + "×";

    private static double Median(IEnumerable<double> values) => Benchmarks.Rounds.Median([.. values]);

    private sealed record Traffic(string Name, WireClient[] Clients, int Status);

    private sealed record Sample(double PerSecond, double P50, double P99, double FloodPerSecond, double FloodMicros, int Unexpected);
}
