using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>An issuer on loopback TLS whose documents, keys and tokens a test forges as it likes.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _rootFile = Path.Combine(Path.GetTempPath(), "funcai-root-" + Guid.NewGuid().ToString("N") + ".pem");

    private LocalIssuer(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.Single();

    public string RootFile => _rootFile;

    public List<SecurityKey> Published { get; } = [];

    public string? IssuerInMetadata { get; set; }

    public bool IsDown { get; set; }

    public int Reads { get; private set; }

    public static async Task<LocalIssuer> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        var issuer = new LocalIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        await File.WriteAllTextAsync(issuer.RootFile, certificate.ExportCertificatePem());
        return issuer;
    }

    public static RsaSecurityKey NewRsa(string kid) => new(RSA.Create(2048)) { KeyId = kid };

    /// <summary>Signs a token; the change sees header and payload before the signature.</summary>
    public static string Sign(SecurityKey key, string algorithm, Dictionary<string, object> claims, Dictionary<string, object>? header = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            JsonSerializer.Serialize(claims),
            new SigningCredentials(key, algorithm) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            header ?? new Dictionary<string, object> { ["typ"] = "at+jwt" });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        File.Delete(_rootFile);
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (IsDown)
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        }

        if (context.Request.Path == "/.well-known/openid-configuration")
        {
            Reads++;
            return context.Response.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, string>
            {
                ["issuer"] = IssuerInMetadata ?? Issuer,
                ["jwks_uri"] = Issuer + "/keys",
            }));
        }

        var keys = Published.Select(key => key is SymmetricSecurityKey symmetric
            ? new Dictionary<string, string?> { ["kty"] = "oct", ["kid"] = key.KeyId, ["k"] = Base64UrlEncoder.Encode(symmetric.Key) }
            : ToJson(key));
        return context.Response.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, object> { ["keys"] = keys.ToArray() }));
    }

    private static Dictionary<string, string?> ToJson(SecurityKey key)
    {
        var jwk = key is RsaSecurityKey rsa
            ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(false)) { KeyId = key.KeyId })
            : JsonWebKeyConverter.ConvertFromECDsaSecurityKey((ECDsaSecurityKey)key);
        return new() { ["kty"] = jwk.Kty, ["kid"] = key.KeyId, ["n"] = jwk.N, ["e"] = jwk.E, ["crv"] = jwk.Crv, ["x"] = jwk.X, ["y"] = jwk.Y, ["use"] = "sig" };
    }
}
