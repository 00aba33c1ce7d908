using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.IntegrationTests.Chain;
using FuncAiSecure.IntegrationTests.Oidc;

namespace FuncAiSecure.IntegrationTests.Routes;

/// <summary>What a front end proves for itself or passes on: the gateway's own token, and client certificates made here.</summary>
[Collection(RouteAppGroup.Name)]
public sealed class FrontEndTests(RouteApp app)
{
    private const string Ask = """{"model":"words","input":"good"}""";
    private const string CertificateHeader = "X-ARR-ClientCert";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    [Fact]
    public async Task Behind_a_gateway_a_key_alone_opens_nothing()
    {
        await using var provider = await OidcProviderFixture.StartAsync();
        using var client = await StartAsync(BehindAGateway(provider));
        var token = await provider.GetTokenAsync();
        var key = app.App.CallerKey;

        (await CallAsync(client, key)).ShouldBeRefused(401, "credential-missing");
        (await CallAsync(client, key, "X-Gateway-Authorization", "Bearer " + token[..^4] + "AAAA")).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, key, "X-Gateway-Authorization", "Bearer " + key)).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, key, "X-Gateway-Authorization", token)).ShouldBeRefused(401, "credential-missing");
        (await CallAsync(client, null, "X-Gateway-Authorization", "Bearer " + token)).ShouldBeRefused(401, "credential-missing");
        (await CallAsync(client, key, "X-Gateway-Authorization", "Bearer " + token)).ShouldBeServed();
        (await ServedApp.SendAsync(client, null, "GET", "v2/health/live")).ShouldBeServed();
    }

    [Fact]
    public async Task Who_goes_past_the_gateway_with_forged_tokens_does_not_lock_out_the_gateway()
    {
        await using var provider = await OidcProviderFixture.StartAsync();
        var settings = BehindAGateway(provider);
        settings["FuncAiSecure:Network:TrustedProxies:0"] = "127.0.0.0/8";
        settings["FuncAiSecure:Network:ForwardedForHeader"] = "x-gateway-client-address";
        using var client = await StartAsync(settings);
        var token = await provider.GetTokenAsync();
        var forged = Enumerable.Range(0, 40).Select(i => CallFromAsync("203.0.113.9", $"{token[..^4]}{i:0000}"));

        (await Task.WhenAll(forged)).ShouldContain(answer => answer.Status == 429);

        (await CallFromAsync("198.51.100.7", token)).ShouldBeServed();

        Task<Answer> CallFromAsync(string address, string gateway) =>
            ServedApp.SendAsync(client, app.App.CallerKey, "POST", "v1/classify", Ask, request =>
            {
                request.Headers.TryAddWithoutValidation("x-gateway-client-address", address);
                request.Headers.TryAddWithoutValidation("X-Gateway-Authorization", "Bearer " + gateway);
            });
    }

    [Fact]
    public async Task A_certificate_counts_if_its_root_usage_validity_and_owner_are_right()
    {
        using var root = Root();
        using var stranger = Root();
        var folder = Directory.CreateTempSubdirectory("funcai-roots-");
        var file = Path.Combine(folder.FullName, "root.pem");
        await File.WriteAllTextAsync(file, root.ExportCertificatePem());
        using var client = await StartAsync(Trusting(file, "127.0.0.0/8"));

        (await CallAsync(client, null)).ShouldBeRefused(401, "credential-missing");
        (await CallAsync(client, null, CertificateHeader, Leaf(stranger, "CN=billing"))).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, null, CertificateHeader, Leaf(root, "CN=other"))).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, null, CertificateHeader, Leaf(root, "CN=billing", ServerAuthentication))).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, null, CertificateHeader, Leaf(root, "CN=billing", days: -1))).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, null, CertificateHeader, "AAAA")).ShouldBeRefused(401, "credential-invalid");
        (await CallAsync(client, app.App.CallerKey, CertificateHeader, Leaf(root, "CN=billing"))).ShouldBeRefused(400, "several-credentials");
        (await CallAsync(client, null, CertificateHeader, Leaf(root, "CN=billing"))).ShouldBeServed();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_certificate_in_a_header_that_nobody_vouches_for_is_no_credential()
    {
        using var root = Root();
        var folder = Directory.CreateTempSubdirectory("funcai-roots-");
        var file = Path.Combine(folder.FullName, "root.pem");
        await File.WriteAllTextAsync(file, root.ExportCertificatePem());
        using var client = await StartAsync(Trusting(file, "10.0.0.0/8"));

        (await CallAsync(client, null, CertificateHeader, Leaf(root, "CN=billing"))).ShouldBeRefused(401, "credential-missing");
        folder.Delete(recursive: true);
    }

    private static Dictionary<string, string?> BehindAGateway(OidcProviderFixture provider) =>
        new(provider.Settings()) { ["FuncAiSecure:Gateway:Principals:0"] = "provider:billing" };

    private static Dictionary<string, string?> Trusting(string rootFile, string proxies) => new()
    {
        ["FuncAiSecure:Network:TrustedProxies:0"] = proxies,
        ["FuncAiSecure:Certificates:RootFiles:0"] = rootFile,
        ["FuncAiSecure:Certificates:RevocationMode"] = nameof(X509RevocationMode.NoCheck),
        ["FuncAiSecure:Certificates:Mappings:0:Subject"] = "CN=billing",
        ["FuncAiSecure:Certificates:Mappings:0:Principal"] = "app:billing",
        ["FuncAiSecure:Certificates:Mappings:0:Roles:0"] = "infer",
        ["FuncAiSecure:Certificates:Mappings:0:Models:0"] = "*",
    };

    private async Task<HttpClient> StartAsync(Dictionary<string, string?> settings)
    {
        var client = new HttpClient { BaseAddress = await app.App.StartInstanceAsync(settings) };
        await ServedApp.WaitUntilReadyAsync(client);
        return client;
    }

    private static Task<Answer> CallAsync(HttpClient client, string? key, string? header = null, string? value = null) =>
        ServedApp.SendAsync(client, key, "POST", "v1/classify", Ask, request =>
        {
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        });

    private static X509Certificate2 Root()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-100), DateTimeOffset.UtcNow.AddDays(100));
    }

    private static string Leaf(X509Certificate2 issuer, string subject, string usage = ClientAuthentication, int days = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        using var certificate = request.Create(issuer, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return Convert.ToBase64String(certificate.RawData);
    }
}
