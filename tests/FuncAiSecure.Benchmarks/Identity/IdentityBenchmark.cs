using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Identity.Throttling;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Benchmarks.Identity;

/// <summary>What a credential costs: known, unknown, forged.</summary>
internal sealed class IdentityBenchmark : IBenchmark
{
    private const int Flood = 1_000_000;
    private const string Issuer = "https://issuer.example";

    public string Name => "identity";

    public string Purpose => "What known and forged credentials cost";

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
        var forger = new Pepper("forger", RandomNumberGenerator.GetBytes(Pepper.KeyLength), null);
        var forged = Forge(forger, 4_096);
        var next = 0;

        using var rsa = RSA.Create(2048);
        var tokens = await CreateTokensAsync(rsa, cancellation);
        var signed = Enumerable.Range(0, 512).Select(i => Sign(rsa, i)).ToArray();
        using var attacker = RSA.Create(2048);
        var bad = Sign(attacker, 0);
        var data = RandomNumberGenerator.GetBytes(600);
        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var seen = PresentedCredential.Bearer(signed[0]);

        var timings = new Rounds(7, TimeSpan.FromMilliseconds(150)).Run(
        [
            ("API key, known", () => Ask(authenticator, key)),
            ("API key, random text of its length", () => Ask(authenticator, PresentedCredential.ApiKey(Noise))),
            ("API key, forged with a right checksum", () => Ask(authenticator, forged[next++ & 4_095])),
            ("token, seen before", () => Ask(tokens.Warm, seen.Text)),
            ("raw RS256 verification", () => rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ("token, first sight", () => tokens.First(signed[next++ & 511])),
            ("token, forged, seen before", () => Ask(tokens.Warm, bad)),
        ],
        cancellation);
        report.Table(["credential", "µs", "over a known key", "bytes allocated"], timings.Select(t => (IReadOnlyList<string>)
            [t.Name, Report.Number(t.Micros), Report.Number(t.Ratio), Report.Number(t.Bytes)]));
        report.Say(FloodOf(authenticator, forged, vault));
    }

    private static string Noise { get; } = ApiKeyFormat.Prefix + new string('x', 16) + "_" + new string('y', 59);

    private static void Ask(Authenticator authenticator, in PresentedCredential credential) =>
        _ = authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None).Result;

    private static void Ask(TokenAuthenticator authenticator, string token) =>
        _ = authenticator.AuthenticateAsync(token, IPAddress.Loopback, CancellationToken.None).Result;

    private static PresentedCredential[] Forge(Pepper forger, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => PresentedCredential.ApiKey(ApiKeyFormat.Create(ApiKeyFormat.NewId(), forger, out var _)))];

    private static string FloodOf(Authenticator authenticator, PresentedCredential[] forged, LocalVaultFixture vault)
    {
        var calls = vault.Faults.TotalCalls;
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < Flood; i++)
        {
            Ask(authenticator, forged[i & 4_095]);
        }

        var each = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / Flood;
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        return string.Create(CultureInfo.InvariantCulture,
            $"A flood of {Flood:N0} forged keys: {each:F2} µs each, {vault.Faults.TotalCalls - calls} vault calls, {grown / 1024} KiB kept.");
    }

    private static string Sign(RSA rsa, int number) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = "bench",
            ["azp"] = "app",
            ["jti"] = number.ToString(CultureInfo.InvariantCulture),
            ["roles"] = new[] { "FuncAi.Infer" },
            ["nbf"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 10,
            ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 3_600,
        }),
        new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = "k" }, "RS256"),
        new Dictionary<string, object> { ["typ"] = "at+jwt" });

    private static async Task<(TokenAuthenticator Warm, Action<string> First)> CreateTokensAsync(RSA rsa, CancellationToken cancellation)
    {
        var issuer = new TokenIssuerOptions { Name = "bench", Issuer = Issuer, Audiences = ["bench"] };
        var keys = new IssuerKeys(
            issuer, new HttpClient(new Documents(rsa)), TimeSpan.FromHours(12), TimeProvider.System, NullLogger.Instance);
        await keys.RefreshAsync();
        var issuers = new Dictionary<string, TokenIssuer> { [Issuer] = new(issuer, keys, TimeSpan.Zero, TimeProvider.System) }
            .ToFrozenDictionary(StringComparer.Ordinal);
        var lenient = new IdentityOptions { FailureBurst = 10_000, FailuresPerMinute = 10_000 };
        TokenAuthenticator Create() => new(
            issuers, new CredentialFailures(lenient, TimeProvider.System), new TokensOptions { MaxCached = 100 }, TimeProvider.System);

        // 512 tokens in turn through a cache of a hundred: each is a stranger again when its turn comes.
        var first = Create();
        return (Create(), token =>
        {
            var result = first.AuthenticateAsync(token, IPAddress.Loopback, cancellation).Result;
            if (!result.IsAuthenticated)
            {
                throw new InvalidOperationException($"The token must be valid: {result.Refusal.Code}, keys known: {keys.AreKnown}.");
            }
        });
    }

    private sealed class Documents(RSA rsa) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = "k" });
            var json = request.RequestUri!.AbsolutePath == "/keys"
                ? JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", kid = "k", n = key.N, e = key.E } } })
                : JsonSerializer.Serialize(new { issuer = Issuer, jwks_uri = Issuer + "/keys" });
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json) });
        }
    }
}
