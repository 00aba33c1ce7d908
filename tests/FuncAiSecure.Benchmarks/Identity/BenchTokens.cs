using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Throttling;
using FuncAiSecure.Core.Identity.Tokens;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Benchmarks.Identity;

/// <summary>
/// An issuer without a network, and its tokens: the claims of an Entra ID v2 access token of an application, about a kilobyte.
/// </summary>
internal sealed class BenchTokens : IDisposable
{
    public const string Issuer = "https://login.microsoftonline.com/8f3a4c1e-5b6d-4e7f-9a0b-1c2d3e4f5a6b/v2.0";

    private const string Application = "2f1e0d9c-8b7a-4695-8473-625140392817";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _stranger = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly IssuerKeys _keys;

    private BenchTokens()
    {
        var options = new TokenIssuerOptions { Name = "bench", Issuer = Issuer, Audiences = ["api://bench"] };
        _keys = new IssuerKeys(options, new HttpClient(new Documents(_rsa, _curve)), TimeSpan.FromHours(12), TimeProvider.System, NullLogger.Instance);
        options.Grants = [new TokenGrantOptions { Role = "FuncAi.Infer", Roles = ["infer"], Models = ["*"] }];
        Options = options;
    }

    private TokenIssuerOptions Options { get; }

    public static async Task<BenchTokens> CreateAsync()
    {
        var tokens = new BenchTokens();
        await tokens._keys.RefreshAsync();
        return tokens;
    }

    /// <summary>An authenticator that believes the issuer.</summary>
    /// <param name="remembered">How many tokens it remembers.</param>
    /// <param name="failures">How many failures a network may show, at once and in a minute.</param>
    public TokenAuthenticator Authenticator(int remembered, int failures) => new(
        new Dictionary<string, TokenIssuer> { [Issuer] = new(Options, _keys, TimeSpan.Zero) }.ToFrozenDictionary(StringComparer.Ordinal),
        new CredentialFailures(new IdentityOptions { FailureBurst = failures, FailuresPerMinute = failures }, TimeProvider.System),
        new IdentityCounters(),
        new TokensOptions { MaxCached = remembered },
        TimeProvider.System);

    public string Rs256(int number) => Sign(new RsaSecurityKey(_rsa) { KeyId = "rsa" }, "RS256", number);

    public string Es256(int number) => Sign(new ECDsaSecurityKey(_curve) { KeyId = "curve" }, "ES256", number);

    /// <summary>A token that names the issuer's key and is signed by another.</summary>
    public string Forged(int number) => Sign(new RsaSecurityKey(_stranger) { KeyId = "rsa" }, "RS256", number);

    /// <summary>The signature check alone, as the framework offers it, over what a token signs.</summary>
    public Action RawVerification(string token)
    {
        var end = token.LastIndexOf('.');
        var signed = Encoding.ASCII.GetBytes(token[..end]);
        var signature = Base64UrlEncoder.DecodeBytes(token[(end + 1)..]);
        return signature.Length == 64
            ? () => Check(_curve.VerifyData(signed, signature, HashAlgorithmName.SHA256))
            : () => Check(_rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Asks; throws unless the answer is the expected one.</summary>
    public static void Ask(TokenAuthenticator authenticator, string token, bool valid) =>
        Check(authenticator.AuthenticateAsync(token, IPAddress.Loopback, CancellationToken.None).Result.IsAuthenticated == valid);

    public void Dispose()
    {
        _rsa.Dispose();
        _stranger.Dispose();
        _curve.Dispose();
    }

    private static void Check(bool expected)
    {
        if (!expected)
        {
            throw new InvalidOperationException("A credential was not judged as it must be; the figures would mean nothing.");
        }
    }

    private static string Sign(SecurityKey key, string algorithm, int number)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["aud"] = "api://bench",
            ["iss"] = Issuer,
            ["iat"] = now - 300,
            ["nbf"] = now - 300,
            ["exp"] = now + 3_600,
            ["aio"] = "k2RgYHhS7Vn5c5LQFYeTu3nUzB6zAgA=" + number.ToString("x8", CultureInfo.InvariantCulture),
            ["azp"] = Application,
            ["azpacr"] = "1",
            ["oid"] = "7a6b5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d",
            ["rh"] = "1.AXoAHkw6j21bf06aCxwtPk9aawAAAAAAAAAAAAAAAAAAAAB6AAA.",
            ["roles"] = new[] { "FuncAi.Infer", "FuncAi.Other" },
            ["sub"] = "7a6b5c4d-3e2f-4a1b-8c9d-0e1f2a3b4c5d",
            ["tid"] = "8f3a4c1e-5b6d-4e7f-9a0b-1c2d3e4f5a6b",
            ["uti"] = number.ToString("d22", CultureInfo.InvariantCulture),
            ["ver"] = "2.0",
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            JsonSerializer.Serialize(claims), new SigningCredentials(key, algorithm), new Dictionary<string, object> { ["typ"] = "JWT" });
    }

    private sealed class Documents(RSA rsa, ECDsa curve) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var first = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = "rsa" });
            var second = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(curve) { KeyId = "curve" });
            var json = request.RequestUri!.AbsolutePath == "/keys"
                ? JsonSerializer.Serialize(new
                {
                    keys = new object[]
                    {
                        new { kty = "RSA", kid = "rsa", n = first.N, e = first.E },
                        new { kty = "EC", kid = "curve", crv = "P-256", x = second.X, y = second.Y },
                    },
                })
                : JsonSerializer.Serialize(new { issuer = Issuer, jwks_uri = "https://login.microsoftonline.com/keys" });
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json) });
        }
    }
}
