using System.Diagnostics;
using System.Globalization;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Benchmarks.Http;

/// <summary>
/// From the start of a process to its first answered inference, and what it then holds in memory: the local host in each form in which
/// it can be delivered, beside a bare endpoint on the same model. Each start is a process of its own.
/// </summary>
internal sealed class StartBenchmark : IBenchmark
{
    /// <summary>What makes this program the bare endpoint.</summary>
    public const string BareArgument = "bare";

    private const int Rounds = 5;
    private const string Listening = "Listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Requests that come while it starts make the start longer; this is also the resolution of what is measured.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <inheritdoc />
    public string Name => "start";

    /// <inheritdoc />
    public string Purpose => "From the start of the process to the first answer";

    /// <inheritdoc />
    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("funcai-bench-start-").FullName;
        try
        {
            await using var parts = await ProductParts.StartAsync(cancellation);
            var models = Path.Combine(folder, "models");
            CopyWine(models);
            var built = Path.Combine(Repository.Root, "src", "FuncAiSecure.LocalHost", "bin", "Release", "net10.0");
            var shared = await PublishAsync(folder, selfContained: false, cancellation);
            var own = await PublishAsync(folder, selfContained: true, cancellation);
            Peer[] peers =
            [
                new("bare endpoint, as built", "dotnet", [typeof(StartBenchmark).Assembly.Location, BareArgument], () => []),
                Product("product, as built", "dotnet", [Path.Combine(built, "FuncAiSecure.LocalHost.dll")]),
                Product("product, published for the platform's runtime", "dotnet", [Path.Combine(shared, "FuncAiSecure.LocalHost.dll")]),
                Product("product, published with its runtime", Path.Combine(own, "FuncAiSecure.LocalHost"), []),
            ];
            await CompareAsync(report, peers, parts.Key, cancellation);

            Peer Product(string name, string program, string[] arguments) => new(name, program, [.. arguments, "--port", "0"], () => parts.Settings(models));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(Report report, Peer[] peers, string key, CancellationToken cancellation)
    {
        var samples = peers.Select(_ => new List<Sample>()).ToList();
        foreach (var (round, index) in Benchmarks.Rounds.Interleaved(Rounds, peers.Length, before: 1))
        {
            var sample = await MeasureAsync(peers[index], key, cancellation);
            if (round >= 0)
            {
                samples[index].Add(sample);
            }
        }

        report.Say($"Model `wine` (13 numbers in, 3 out), medians of {Rounds} interleaved rounds after one that is not counted; files are in the page cache. "
            + "Resident memory is that at the first answer; \"anonymous\" is the part that belongs to the process alone, the rest are pages of files.");
        report.Table(
            ["process", "ms to the first answer", "over bare", "CPU ms", "resident MiB", "of it anonymous"],
            peers.Select((peer, i) => new[]
            {
                peer.Name,
                Report.Number(Median(samples[i], s => s.Millis)),
                Report.Number(Benchmarks.Rounds.Median([.. samples[i].Select((s, round) => s.Millis / samples[0][round].Millis)])) + "×",
                Report.Number(Median(samples[i], s => s.CpuMillis)),
                Report.Number(Median(samples[i], s => s.Resident)),
                Report.Number(Median(samples[i], s => s.Anonymous)),
            }));
    }

    private static async Task<Sample> MeasureAsync(Peer peer, string key, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var start = new ProcessStartInfo(peer.Program, peer.Arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in peer.Settings())
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var begin = Clock.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            var address = await AddressAsync(peer, process.StandardOutput, patience.Token);
            using var client = new WireClient(address, "POST /v2/models/wine/infer", ServedProduct.WineRequest(), key);
            while (await client.ExchangeAsync(patience.Token) != 200)
            {
                await Task.Delay(Pause, Clock, patience.Token);
            }

            var elapsed = Clock.GetElapsedTime(begin);
            return new Sample(
                elapsed.TotalMilliseconds, process.TotalProcessorTime.TotalMilliseconds, MebiBytes(process, "VmRSS:"), MebiBytes(process, "RssAnon:"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<Uri> AddressAsync(Peer peer, StreamReader output, CancellationToken cancellation)
    {
        while (await output.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                return new Uri(line[Listening.Length..]);
            }
        }

        throw new InvalidOperationException($"It ended before it listened: {peer.Name}.");
    }

    private static double MebiBytes(Process process, string field) =>
        double.Parse(File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(':', 'k')[1], CultureInfo.InvariantCulture) / 1024;

    // With intermediate files of its own: what one form leaves there is taken for up to date by the next.
    private static async Task<string> PublishAsync(string folder, bool selfContained, CancellationToken cancellation)
    {
        var output = Path.Combine(folder, selfContained ? "own" : "shared");
        string[] arguments =
        [
            "publish", Path.Combine(Repository.Root, "src", "FuncAiSecure.LocalHost"), "-c", "Release", "-r", "linux-x64",
            "--self-contained", selfContained ? "true" : "false", "-o", output, "--artifacts-path", output + "-artifacts",
            "--disable-build-servers", "-p:RunAnalyzers=false", "-v", "quiet", "-nologo",
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments))!;
        await publish.WaitForExitAsync(cancellation);
        return publish.ExitCode == 0 ? output : throw new InvalidOperationException("The local host could not be published.");
    }

    private static void CopyWine(string models)
    {
        var wine = Directory.CreateDirectory(Path.Combine(models, "wine", "1")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models", "wine", "1")))
        {
            File.Copy(file, Path.Combine(wine, Path.GetFileName(file)));
        }
    }

    private static double Median(List<Sample> samples, Func<Sample, double> part) => Benchmarks.Rounds.Median([.. samples.Select(part)]);

    private sealed record Peer(string Name, string Program, string[] Arguments, Func<Dictionary<string, string?>> Settings);

    private sealed record Sample(double Millis, double CpuMillis, double Resident, double Anonymous);
}
