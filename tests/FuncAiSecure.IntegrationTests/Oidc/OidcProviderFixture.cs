using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.IntegrationTests.Oidc;

/// <summary>The npm package oidc-provider on loopback TLS, with a certificate made here.</summary>
internal sealed class OidcProviderFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("funcai-oidc-");
    private readonly Process _process;
    private readonly HttpClient _client;

    private OidcProviderFixture()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=provider", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        RootFile = Path.Combine(_folder.FullName, "certificate.pem");
        var keyFile = Path.Combine(_folder.FullName, "key.pem");
        File.WriteAllText(RootFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(Repository.Root, "tests", "FuncAiSecure.IntegrationTests", "Oidc", "provider.mjs"),
            RootFile,
            keyFile,
            Path.Combine(Repository.Root, "eng", "node_modules", "oidc-provider", "lib", "index.js"),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(File.ReadAllText(RootFile)));
        _client = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } });
    }

    public string Issuer { get; private set; } = "";

    public string RootFile { get; }

    /// <summary>Settings that believe it as the first issuer, and let its role FuncAi.Infer infer.</summary>
    public Dictionary<string, string?> Settings(string audience = "api://funcai")
    {
        const string Section = "FuncAiSecure:Tokens:Issuers:0:";
        return new()
        {
            [Section + "Name"] = "provider",
            [Section + "Issuer"] = Issuer,
            [Section + "Audiences:0"] = audience,
            [Section + "CertificateFile"] = RootFile,
            [Section + "Grants:0:Role"] = "FuncAi.Infer",
            [Section + "Grants:0:Roles:0"] = "infer",
        };
    }

    public static async Task<OidcProviderFixture> StartAsync()
    {
        var fixture = new OidcProviderFixture();
        fixture.Issuer = await fixture.ReadLineAsync();
        return fixture;
    }

    public async Task RotateAsync()
    {
        await _process.StandardInput.WriteLineAsync("rotate");
        (await ReadLineAsync()).ShouldBe("rotated");
    }

    /// <summary>An access token for the client <c>billing</c>, by the client credentials grant.</summary>
    public async Task<string> GetTokenAsync()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "billing",
            ["client_secret"] = "test-only",
            ["scope"] = "FuncAi.Infer",
        });
        using var response = await _client.PostAsync(new Uri(Issuer + "/token"), form);
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(body);
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    // The package writes notices of its own between our lines.
    private async Task<string> ReadLineAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (!line.StartsWith("oidc-provider", StringComparison.Ordinal) && line.Length > 0)
            {
                return line;
            }
        }

        throw new InvalidOperationException("The provider ended.");
    }
}
