using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Benchmarks.Identity;

/// <summary>What a credential costs, known, unknown and forged, beside the primitives that it cannot do without.</summary>
internal sealed class IdentityBenchmark : IBenchmark
{
    private const int Rounds = 401;
    private const int Flood = 1_000_000;
    private const int Strangers = 512;

    // Shorter than the turn that the system gives a thread, so that most rounds hold no neighbour's work.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    public string Name => "identity";

    public string Purpose => "What known, unknown and forged credentials cost";

    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var vault = await LocalVaultFixture.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(vault.Settings).Build();
        await using var services = new ServiceCollection().AddLogging().AddIdentity(configuration).BuildServiceProvider();
        var authenticator = services.GetRequiredService<Authenticator>();
        var created = (await services.GetRequiredService<ApiKeyService>().CreateAsync(
            new ApiKeyRequest { Principal = "bench", Roles = ["infer"], Models = ["*"] }, KeyActor.VaultOperator, cancellation)).Value!;
        var key = PresentedCredential.ApiKey(created.Key);
        await authenticator.AuthenticateAsync(key, IPAddress.Loopback, cancellation);
        var forged = Forge(4_096);
        using var tokens = await BenchTokens.CreateAsync();

        var timings = new Rounds(Rounds, Slice).Run(Candidates(authenticator, key, forged, tokens), cancellation)
            .ToDictionary(timing => timing.Name);
        report.Say($"{Rounds} interleaved rounds of {Slice.TotalMilliseconds} ms a row; \"least\" is the quietest round. The ratio is the median of "
            + "those inside each round, to the row that is named. Tokens carry the claims of an Entra ID v2 access token of an application "
            + $"({tokens.Rs256(0).Length:N0} characters with RS256). First sight: {Strangers} tokens in turn through a memory of 100.");
        report.Table(["row", "median µs", "least µs", "ratio", "of", "bytes allocated"], timings.Values.Select(timing =>
        {
            var other = timings[ComparedWith(timing.Name)];
            return (IReadOnlyList<string>)
            [
                timing.Name, Report.Number(timing.Micros), Report.Number(timing.Least),
                Report.Number(timing.Against(other, (mine, its) => mine / its)), other.Name, Report.Number(timing.Bytes),
            ];
        }));
        report.Table(["first sight over the raw verification", "median µs", "least over least µs"], new[] { "RS256", "ES256" }.Select(algorithm =>
        {
            var (first, raw) = (timings[$"token, {algorithm}, first sight"], timings[$"raw {algorithm} verification"]);
            return (IReadOnlyList<string>)
                [algorithm, Report.Number(first.Against(raw, (mine, its) => mine - its)), Report.Number(first.Least - raw.Least)];
        }));
        report.Say(FloodOf(authenticator, forged, vault));
        report.Say($"Load averages after: {LoadAverage()}.");
    }

    private static IReadOnlyList<(string Name, Action Work)> Candidates(
        Authenticator authenticator, PresentedCredential key, PresentedCredential[] forged, BenchTokens tokens)
    {
        var text = Encoding.ASCII.GetBytes(new string('k', ApiKeyFormat.Length));
        var pepper = RandomNumberGenerator.GetBytes(Pepper.KeyLength);
        var hash = new byte[SHA256.HashSizeInBytes];
        var rsa = Enumerable.Range(0, Strangers).Select(tokens.Rs256).ToArray();
        var curve = Enumerable.Range(0, Strangers).Select(tokens.Es256).ToArray();
        var bad = Enumerable.Range(0, Strangers).Select(tokens.Forged).ToArray();
        var signed = Encoding.ASCII.GetBytes(rsa[0]);
        var small = tokens.Authenticator(remembered: 100, failures: int.MaxValue / 2);
        var warm = tokens.Authenticator(remembered: 20_000, failures: int.MaxValue / 2);
        var blocking = tokens.Authenticator(remembered: 100, failures: 1);
        var next = new int[5];
        return
        [
            ("SHA-256 of a key", () => SHA256.HashData(text, hash)),
            ("HMAC-SHA256 of id and secret", () => HMACSHA256.HashData(pepper, text.AsSpan(0, ApiKeyFormat.MessageLength), hash)),
            ("SHA-256 of a token", () => SHA256.HashData(signed, hash)),
            ("raw RS256 verification", tokens.RawVerification(rsa[0])),
            ("raw ES256 verification", tokens.RawVerification(curve[0])),
            ("API key, known", () => Ask(authenticator, key)),
            ("API key, random text of its length", () => Ask(authenticator, PresentedCredential.ApiKey(Noise))),
            ("API key, forged with a right checksum", () => Ask(authenticator, forged[next[0]++ & 4_095])),
            ("token, seen before", () => BenchTokens.Ask(warm, rsa[0], valid: true)),
            ("token, RS256, first sight", () => BenchTokens.Ask(small, rsa[next[1]++ % Strangers], valid: true)),
            ("token, ES256, first sight", () => BenchTokens.Ask(small, curve[next[2]++ % Strangers], valid: true)),
            ("token, forged, first sight", () => BenchTokens.Ask(small, bad[next[3]++ % Strangers], valid: false)),
            ("token, forged, seen before", () => BenchTokens.Ask(warm, bad[0], valid: false)),
            ("token, forged, from a throttled source", () => BenchTokens.Ask(blocking, bad[next[4]++ % Strangers], valid: false)),
        ];
    }

    private static string ComparedWith(string row) => row switch
    {
        "API key, known" or "API key, random text of its length" or "API key, forged with a right checksum" => "HMAC-SHA256 of id and secret",
        "token, seen before" => "API key, known",
        "token, RS256, first sight" or "token, forged, first sight" => "raw RS256 verification",
        "token, ES256, first sight" => "raw ES256 verification",
        "token, forged, seen before" or "token, forged, from a throttled source" => "SHA-256 of a token",
        _ => "SHA-256 of a key",
    };

    private static string Noise { get; } = ApiKeyFormat.Prefix + new string('x', 16) + "_" + new string('y', 59);

    private static void Ask(Authenticator authenticator, in PresentedCredential credential) =>
        _ = authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None).Result;

    private static PresentedCredential[] Forge(int count)
    {
        var forger = new Pepper("forger", RandomNumberGenerator.GetBytes(Pepper.KeyLength), null);
        return [.. Enumerable.Range(0, count).Select(_ => PresentedCredential.ApiKey(ApiKeyFormat.Create(ApiKeyFormat.NewId(), forger, out var _)))];
    }

    private static string FloodOf(Authenticator authenticator, PresentedCredential[] forged, LocalVaultFixture vault)
    {
        var noise = PresentedCredential.ApiKey(Noise);
        var calls = vault.Faults.TotalCalls;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Flood; i++)
        {
            Ask(authenticator, i % 2 == 0 ? forged[i / 2 & 4_095] : noise);
        }

        var each = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / Flood;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        return string.Create(CultureInfo.InvariantCulture,
            $"A flood of {Flood:N0} keys, random and forged by turns: {each:F2} µs each, {vault.Faults.TotalCalls - calls} vault calls, {grown / 1024} KiB kept.");
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
