using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>An issuer on loopback TLS, an authenticator that believes it, and a manual clock.</summary>
public abstract class TokenTests : IAsyncLifetime
{
    private protected const string Invalid = nameof(RefusalCode.CredentialInvalid);
    private protected const string Unavailable = nameof(RefusalCode.DependencyUnavailable);
    private protected const string Throttled = nameof(RefusalCode.RateLimited);
    private protected const string Caller = "local:app-1";
    private protected const string Audience = "api://funcai";

    private protected static readonly RsaSecurityKey Rsa = LocalIssuer.NewRsa("k1");
    private protected static readonly RsaSecurityKey Stranger = LocalIssuer.NewRsa("k1");

    private readonly ManualTimeProvider _clock = new();
    private LocalIssuer? _issuer;
    private ServiceProvider? _services;

    private protected ManualTimeProvider Clock => _clock;

    private protected LocalIssuer Issuer => _issuer!;

    private protected ServiceProvider Services => _services!;

    private protected Authenticator Authenticator => Services.GetRequiredService<Authenticator>();

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        _issuer.Published.Add(Rsa);
        _services = Compose([]);
    }

    public async Task DisposeAsync()
    {
        await Services.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    private protected static long Unix(int seconds) => new ManualTimeProvider().GetUtcNow().ToUnixTimeSeconds() + seconds;

    private protected ServiceProvider Compose(Dictionary<string, string?> more)
    {
        const string Section = TokensOptions.SectionName;
        var settings = new Dictionary<string, string?>
        {
            ["FuncAiSecure:Vault:Uri"] = "https://vault.invalid",
            [$"{Section}:Issuers:0:Name"] = "local",
            [$"{Section}:Issuers:0:Issuer"] = Issuer.Issuer,
            [$"{Section}:Issuers:0:Audiences:0"] = Audience,
            [$"{Section}:Issuers:0:CertificateFile"] = Issuer.RootFile,
            [$"{Section}:Issuers:0:Grants:0:Role"] = "FuncAi.Infer",
            [$"{Section}:Issuers:0:Grants:0:Roles:0"] = "infer",
            [$"{Section}:Issuers:0:Grants:0:Models:0"] = "sentiment",
            [$"{Section}:Issuers:0:Grants:0:Models:1"] = "embed-*",
            [$"{Section}:Issuers:0:Grants:0:Plan"] = "gold",
            [$"{Section}:Issuers:0:Grants:1:Role"] = "FuncAi.Keys",
            [$"{Section}:Issuers:0:Grants:1:Roles:0"] = "manage.keys",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).AddInMemoryCollection(more).Build();
        return new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock).AddIdentity(configuration).BuildServiceProvider();
    }

    private protected string Token(
        Action<Dictionary<string, object>> change,
        Dictionary<string, object>? header = null,
        SecurityKey? key = null,
        string algorithm = "RS256")
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer.Issuer,
            ["aud"] = Audience,
            ["azp"] = "app-1",
            ["sub"] = "subject-1",
            ["nbf"] = Unix(0),
            ["exp"] = Unix(3_600),
        };
        change(claims);
        return LocalIssuer.Sign(key ?? Rsa, algorithm, claims, header);
    }

    private protected ValueTask<AuthenticationResult> ShowAsync(string token, IPAddress? source = null) =>
        Authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), source ?? IPAddress.Loopback, CancellationToken.None);

    private protected async Task<string> AskAsync(string token, IPAddress? source = null)
    {
        var result = await ShowAsync(token, source);
        return result.Principal?.Id.Value ?? result.Refusal!.Code.ToString();
    }
}
