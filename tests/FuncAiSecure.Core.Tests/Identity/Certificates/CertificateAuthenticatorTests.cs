using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Tests.Identity.Certificates;

/// <summary>Real certificates, made here.</summary>
public sealed class CertificateAuthenticatorTests : IDisposable
{
    private const string Invalid = nameof(RefusalCode.CredentialInvalid);
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly ManualTimeProvider _clock = new();
    private readonly string _rootFile = Path.Combine(Path.GetTempPath(), "funcai-roots-" + Guid.NewGuid().ToString("N") + ".pem");
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _stranger;

    public CertificateAuthenticatorTests()
    {
        _root = Root("CN=Root");
        _stranger = Root("CN=Root");
        File.WriteAllText(_rootFile, _root.ExportCertificatePem());
    }

    public void Dispose()
    {
        _root.Dispose();
        _stranger.Dispose();
        File.Delete(_rootFile);
    }

    [Fact]
    public async Task Certificate_of_a_configured_root_is_its_mapped_principal()
    {
        var result = await ShowAsync(Client(_root, "CN=billing"));

        result.Principal!.Id.Value.ShouldBe("app:billing");
        result.Principal.Roles.ShouldBe(Roles.Infer);
        result.Principal.Models.ShouldBe(["*"]);
        result.Principal.CredentialKind.ShouldBe(CredentialKind.Certificate);
    }

    [Fact]
    public async Task Everything_else_is_refused()
    {
        using var self = Root("CN=billing");
        var bad = new Dictionary<string, string>
        {
            ["another root of the same name"] = Client(_stranger, "CN=billing"),
            ["self-signed"] = Convert.ToBase64String(self.RawData),
            ["the root itself"] = Convert.ToBase64String(_root.RawData),
            ["another subject"] = Client(_root, "CN=billing2"),
            ["a longer subject"] = Client(_root, "CN=billing, O=x"),
            ["for servers only"] = Client(_root, "CN=billing", ServerAuthentication),
            ["no stated usage"] = Client(_root, "CN=billing", usage: null),
            ["expired"] = Client(_root, "CN=billing", days: (-20, -1)),
            ["not yet valid"] = Client(_root, "CN=billing", days: (1, 20)),
            ["nothing"] = "",
            ["not base64"] = "-----",
            ["not a certificate"] = "AAAA",
            ["too long"] = new string('A', 20_000),
            ["not ASCII"] = "ü",
        };

        foreach (var (what, text) in bad)
        {
            (await AskAsync(text)).ShouldBe(Invalid, what);
        }
    }

    [Fact]
    public async Task Pinned_thumbprint_and_subject_must_both_fit()
    {
        var one = Client(_root, "CN=billing");
        var other = Client(_root, "CN=billing");
        var pin = Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(one)));
        var settings = new Dictionary<string, string?> { ["FuncAiSecure:Certificates:Mappings:0:Thumbprint"] = pin };

        (await AskAsync(one, settings)).ShouldBe("app:billing");
        (await AskAsync(other, settings)).ShouldBe(Invalid);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("AA", "aa")]
    public async Task Two_entries_for_the_same_certificate_are_refused_at_start(string? thumbprint, string? again)
    {
        await using var services = Compose(new()
        {
            ["FuncAiSecure:Certificates:Mappings:0:Thumbprint"] = Pin(thumbprint),
            ["FuncAiSecure:Certificates:Mappings:1:Thumbprint"] = Pin(again),
            ["FuncAiSecure:Certificates:Mappings:1:Subject"] = "CN=billing",
            ["FuncAiSecure:Certificates:Mappings:1:Principal"] = "app:other",
        });

        Should.Throw<OptionsValidationException>(services.GetRequiredService<Authenticator>).Message
            .ShouldBe("FuncAiSecure:Certificates:Mappings: two entries name the same certificate; the second would never count.");

        static string? Pin(string? digits) => digits is null ? null : string.Concat(Enumerable.Repeat(digits, 32));
    }

    [Theory]
    [InlineData("Subject", "")]
    [InlineData("Thumbprint", "")]
    [InlineData("Principal", "a b")]
    [InlineData("Roles:0", "nonsense")]
    [InlineData("Models:0", "a*b")]
    public async Task An_entry_that_could_never_count_is_refused_at_start(string setting, string value)
    {
        await using var services = Compose(new() { ["FuncAiSecure:Certificates:Mappings:0:" + setting] = value });

        Should.Throw<OptionsValidationException>(services.GetRequiredService<Authenticator>).Message
            .ShouldBe("FuncAiSecure:Certificates:Mappings:0 needs a thumbprint or a subject, a principal, known roles and well-formed model patterns.");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no certificate at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public async Task A_file_without_a_root_is_refused_at_start(string? content)
    {
        File.Delete(_rootFile);
        if (content is not null)
        {
            File.WriteAllText(_rootFile, content);
        }

        await using var services = Compose([]);

        Should.Throw<OptionsValidationException>(services.GetRequiredService<Authenticator>).Message
            .ShouldBe("FuncAiSecure:Certificates:RootFiles:0 is not there, cannot be read or holds no certificate in PEM.");
    }

    [Fact]
    public async Task Seen_certificate_ends_with_its_validity()
    {
        await using var services = Compose([]);
        var authenticator = services.GetRequiredService<Authenticator>();
        var text = Client(_root, "CN=billing", days: (-1, 1));
        var credential = PresentedCredential.Certificate(text);

        (await authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None)).IsAuthenticated.ShouldBeTrue();
        var again = authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None);
        again.IsCompletedSuccessfully.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        (await authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None)).IsAuthenticated.ShouldBeFalse();
    }

    [Fact]
    public async Task Seen_certificate_that_ends_soon_is_not_remembered_past_its_end()
    {
        await using var services = Compose([]);
        var authenticator = services.GetRequiredService<Authenticator>();
        var credential = PresentedCredential.Certificate(Client(_root, "CN=billing", days: (-1, TimeSpan.FromMinutes(1).TotalDays)));

        (await authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None)).IsAuthenticated.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(61));

        (await authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None)).IsAuthenticated.ShouldBeFalse();
    }

    [Fact]
    public async Task Source_that_fails_too_often_has_no_more_chains_built()
    {
        await using var services = Compose([]);
        var authenticator = services.GetRequiredService<Authenticator>();
        for (var i = 0; i < 40; i++)
        {
            await authenticator.AuthenticateAsync(PresentedCredential.Certificate("AAAA"), IPAddress.Loopback, CancellationToken.None);
        }

        var result = await authenticator.AuthenticateAsync(PresentedCredential.Certificate(Client(_root, "CN=billing")), IPAddress.Loopback, CancellationToken.None);

        result.Refusal!.Code.ShouldBe(RefusalCode.RateLimited);
    }

    [Fact]
    public async Task Revocation_that_cannot_be_looked_up_refuses_by_default() =>
        (await AskAsync(Client(_root, "CN=billing"), new() { ["FuncAiSecure:Certificates:RevocationMode"] = "Online" })).ShouldBe(Invalid);

    [Fact]
    public async Task Without_a_root_no_certificate_counts() =>
        (await AskAsync(Client(_root, "CN=billing"), new() { ["FuncAiSecure:Certificates:RootFiles:0"] = null }, roots: false)).ShouldBe(Invalid);

    private X509Certificate2 Root(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(_clock.GetUtcNow().AddDays(-100), _clock.GetUtcNow().AddDays(100));
    }

    private string Client(X509Certificate2 issuer, string subject, string? usage = ClientAuthentication, (double From, double To)? days = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        }

        var (from, to) = days ?? (-10, 10);
        using var certificate = request.Create(
            issuer, _clock.GetUtcNow().AddDays(from), _clock.GetUtcNow().AddDays(to), RandomNumberGenerator.GetBytes(8));
        return Convert.ToBase64String(certificate.RawData);
    }

    private async Task<string> AskAsync(string text, Dictionary<string, string?>? settings = null, bool roots = true)
    {
        var result = await ShowAsync(text, settings, roots);
        return result.Principal?.Id.Value ?? result.Refusal!.Code.ToString();
    }

    private async Task<AuthenticationResult> ShowAsync(string text, Dictionary<string, string?>? settings = null, bool roots = true)
    {
        await using var services = Compose(settings ?? [], roots);
        return await services.GetRequiredService<Authenticator>()
            .AuthenticateAsync(PresentedCredential.Certificate(text), IPAddress.Loopback, CancellationToken.None);
    }

    private ServiceProvider Compose(Dictionary<string, string?> more, bool roots = true)
    {
        const string Section = "FuncAiSecure:Certificates";
        var settings = new Dictionary<string, string?>
        {
            ["FuncAiSecure:Vault:Uri"] = "https://vault.invalid",
            [$"{Section}:RevocationMode"] = "NoCheck",
            [$"{Section}:Mappings:0:Subject"] = "CN=billing",
            [$"{Section}:Mappings:0:Principal"] = "app:billing",
            [$"{Section}:Mappings:0:Roles:0"] = "infer",
            [$"{Section}:Mappings:0:Models:0"] = "*",
        };
        if (roots)
        {
            settings[$"{Section}:RootFiles:0"] = _rootFile;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection(roots ? more : []).Build();
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddIdentity(configuration).BuildServiceProvider();
    }
}
