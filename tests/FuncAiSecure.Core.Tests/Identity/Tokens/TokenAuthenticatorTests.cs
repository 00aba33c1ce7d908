using System.Net;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>Tokens of an issuer on loopback TLS, honest and forged in every way, on a manual clock.</summary>
public sealed class TokenAuthenticatorTests : IAsyncLifetime
{
    private const string Invalid = nameof(RefusalCode.CredentialInvalid);
    private const string Unavailable = nameof(RefusalCode.DependencyUnavailable);
    private const string Throttled = nameof(RefusalCode.RateLimited);
    private const string Caller = "local:app-1";
    private const string Audience = "api://funcai";

    private static readonly RsaSecurityKey Rsa = LocalIssuer.NewRsa("k1");
    private static readonly RsaSecurityKey Stranger = LocalIssuer.NewRsa("k1");

    private readonly ManualTimeProvider _clock = new();
    private LocalIssuer _issuer = null!;
    private ServiceProvider _services = null!;
    private Authenticator _authenticator = null!;

    public async Task InitializeAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        _issuer.Published.Add(Rsa);
        _services = Compose([]);
        _authenticator = _services.GetRequiredService<Authenticator>();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Valid_token_gives_the_application_with_what_its_roles_grant()
    {
        var result = await ShowAsync(Token(claims => claims["roles"] = new[] { "FuncAi.Infer", "Unknown.Role" }));

        var principal = result.Principal.ShouldNotBeNull();
        principal.Id.Value.ShouldBe(Caller);
        principal.Roles.ShouldBe(Roles.Infer);
        principal.Models.ShouldBe(["sentiment", "embed-*"]);
        principal.Plan.ShouldBe("gold");
        principal.CredentialKind.ShouldBe(CredentialKind.Token);
    }

    [Theory]
    [InlineData("appid", "app-1")]
    [InlineData("azp", "app-1")]
    [InlineData("client_id", "app-1")]
    [InlineData("sub", "app-1")]
    public async Task Principal_is_the_application_else_the_subject(string claim, string value) =>
        (await AskAsync(Token(claims =>
        {
            claims.Remove("azp");
            claims.Remove("sub");
            claims[claim] = value;
        }))).ShouldBe(Caller);

    [Fact]
    public async Task Entra_v2_tokens_of_an_application_and_of_a_user_are_mapped_by_their_documented_claims()
    {
        var application = await ShowAsync(Token(claims =>
        {
            claims["ver"] = "2.0";
            claims["azp"] = "11111111-1111-1111-1111-111111111111";
            claims["azpacr"] = "1";
            claims["tid"] = "22222222-2222-2222-2222-222222222222";
            claims["roles"] = new[] { "FuncAi.Infer" };
        }, new() { ["typ"] = "JWT" }));
        var user = await ShowAsync(Token(claims =>
        {
            claims["ver"] = "2.0";
            claims["azp"] = "11111111-1111-1111-1111-111111111111";
            claims["oid"] = "33333333-3333-3333-3333-333333333333";
            claims["name"] = "Somebody";
            claims["scp"] = "openid FuncAi.Keys";
        }, new() { ["typ"] = "JWT" }));

        application.Principal!.Id.Value.ShouldBe("local:11111111-1111-1111-1111-111111111111");
        application.Principal.Roles.ShouldBe(Roles.Infer);
        user.Principal!.Roles.ShouldBe(Roles.ManageKeys);
        user.Principal.DisplayName.ShouldNotContain("Somebody");
    }

    [Fact]
    public async Task Token_without_known_roles_is_somebody_who_may_do_nothing()
    {
        var principal = (await ShowAsync(Token(_ => { }))).Principal!;

        principal.Roles.ShouldBe(Roles.None);
        principal.Models.ShouldBeEmpty();
    }

    public static TheoryData<string, Action<Dictionary<string, object>>, string> BadClaims => new()
    {
        { "another issuer", claims => claims["iss"] = "https://evil.example", Invalid },
        { "an issuer with a slash more", claims => claims["iss"] += "/", Invalid },
        { "no issuer", claims => claims.Remove("iss"), Invalid },
        { "another audience", claims => claims["aud"] = "api://other", Invalid },
        { "no audience", claims => claims.Remove("aud"), Invalid },
        { "audience as a part", claims => claims["aud"] = Audience + "/x", Invalid },
        { "expired", claims => claims["exp"] = Unix(-61), Invalid },
        { "expired to the second", claims => claims["exp"] = Unix(-60), Invalid },
        { "expired within the skew", claims => claims["exp"] = Unix(-59), Caller },
        { "no expiry", claims => claims.Remove("exp"), Invalid },
        { "not yet valid", claims => claims["nbf"] = Unix(61), Invalid },
        { "not yet valid within the skew", claims => claims["nbf"] = Unix(60), Caller },
        { "an ID token", claims => claims["nonce"] = "n", Invalid },
        { "an ID token by its hash", claims => claims["at_hash"] = "h", Invalid },
        { "nobody", claims => { claims.Remove("azp"); claims.Remove("sub"); }, Invalid },
        { "a name of forbidden characters", claims => claims["azp"] = "a b", Invalid },
        { "several audiences, one ours", claims => claims["aud"] = new[] { "api://other", Audience }, Caller },
    };

    [Theory]
    [MemberData(nameof(BadClaims))]
    public async Task Token_with_these_claims_is_judged(string what, Action<Dictionary<string, object>> change, string expected) =>
        (await AskAsync(Token(change))).ShouldBe(expected, what);

    [Theory]
    [InlineData("JWT", Caller)]
    [InlineData("application/at+jwt", Caller)]
    [InlineData("id+jwt", Invalid)]
    [InlineData("dpop+jwt", Invalid)]
    [InlineData("logout+jwt", Invalid)]
    public async Task Type_of_token_is_checked(string type, string expected) =>
        (await AskAsync(Token(_ => { }, new() { ["typ"] = type }))).ShouldBe(expected);

    [Fact]
    public async Task Forged_signatures_algorithms_and_headers_are_refused()
    {
        var good = Token(_ => { });
        var parts = good.Split('.');
        var publicKey = Encoding.ASCII.GetBytes(Rsa.Rsa.ExportSubjectPublicKeyInfoPem());
        var unsigned = Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}");
        var forged = new Dictionary<string, string>
        {
            ["a stranger's key of the same id"] = Token(_ => { }, key: Stranger),
            ["alg none"] = $"{unsigned}.{parts[1]}.",
            ["alg none with a signature"] = $"{unsigned}.{parts[1]}.{parts[2]}",
            ["HS256 with the public key"] = Token(_ => { }, key: new SymmetricSecurityKey(publicKey) { KeyId = "k1" }, algorithm: "HS256"),
            ["no key id"] = Token(_ => { }, key: new RsaSecurityKey(Rsa.Rsa)),
            ["RS512, which is not listed"] = Token(_ => { }, algorithm: "RS512"),
            ["an embedded key"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["jwk"] = "{}" }, key: Stranger),
            ["an embedded address"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["jku"] = "https://evil.example/keys" }, key: Stranger),
            ["a critical extension"] = Token(_ => { }, new() { ["typ"] = "at+jwt", ["crit"] = new[] { "x" } }),
            ["a changed payload"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("app-1", "app-2", StringComparison.Ordinal))}.{parts[2]}",
            ["a cut signature"] = good[..^4],
            ["no signature"] = $"{parts[0]}.{parts[1]}.",
            ["two parts"] = $"{parts[0]}.{parts[1]}",
            ["five parts"] = $"{good}.{parts[1]}.{parts[2]}",
            ["padding"] = good + "=",
            ["a space"] = good + " ",
            ["garbage"] = "a.b.c",
            ["not JSON"] = $"{Base64UrlEncoder.Encode("{")}.{parts[1]}.{parts[2]}",
            ["oversized"] = $"{parts[0]}.{parts[1]}{new string('A', 9_000)}.{parts[2]}",
        };

        foreach (var (what, token) in forged)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            (await AskAsync(token)).ShouldBe(Invalid, what);
        }

        (await AskAsync(good)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Symmetric_key_in_the_key_set_does_not_make_everybody_an_issuer()
    {
        var shared = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = "shared" };
        _issuer.Published.Add(shared);

        (await AskAsync(Token(_ => { }, key: shared, algorithm: "HS256"))).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Rolled_over_key_is_found_and_a_storm_of_unknown_ones_asks_at_most_once_a_minute()
    {
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);
        var next = LocalIssuer.NewRsa("k2");
        _issuer.Published.Add(next);
        var reads = _issuer.Reads;
        _clock.Advance(TimeSpan.FromMinutes(1));

        (await AskAsync(Token(_ => { }, key: next))).ShouldBe(Caller);
        for (var i = 0; i < 20; i++)
        {
            (await AskAsync(Token(_ => { }, key: new RsaSecurityKey(Stranger.Rsa) { KeyId = "k2x" + i }))).ShouldBe(Invalid);
        }

        (_issuer.Reads - reads).ShouldBe(1);
    }

    [Fact]
    public async Task Provider_that_was_never_reached_is_503_and_known_keys_outlive_its_outage()
    {
        _issuer.IsDown = true;
        (await AskAsync(Token(_ => { }))).ShouldBe(Unavailable);

        _issuer.IsDown = false;
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(Token(_ => { }))).ShouldBe(Caller);

        _issuer.IsDown = true;
        _clock.Advance(TimeSpan.FromDays(1));
        (await AskAsync(Token(claims => claims["exp"] = Unix(90_000)))).ShouldBe(Caller);
    }

    [Fact]
    public async Task Metadata_of_another_issuer_is_refused()
    {
        _issuer.IssuerInMetadata = "https://evil.example";

        (await AskAsync(Token(_ => { }))).ShouldBe(Unavailable);
    }

    [Fact]
    public async Task Seen_token_is_answered_synchronously_without_allocation_until_it_ends_to_the_tick()
    {
        var text = Token(claims => claims["exp"] = Unix(600));
        var credential = PresentedCredential.Bearer(text);
        (await AskAsync(text)).ShouldBe(Caller);
        for (var i = 0; i < 200; i++)
        {
            (await ShowAsync(text)).IsAuthenticated.ShouldBeTrue();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _ = _authenticator.AuthenticateAsync(credential, IPAddress.Loopback, CancellationToken.None).IsCompletedSuccessfully;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(660) - TimeSpan.FromTicks(1));
        (await AskAsync(text)).ShouldBe(Caller);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await AskAsync(text)).ShouldBe(Invalid);
    }

    [Fact]
    public async Task Revoked_token_is_refused_at_once_seen_or_not()
    {
        var seen = Token(_ => { });
        var other = Token(claims => claims["jti"] = "2");
        var id = (await ShowAsync(seen)).Principal!.CredentialId;

        _authenticator.RevokeToken(id);

        (await AskAsync(seen)).ShouldBe(Invalid);
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await AskAsync(seen)).ShouldBe(Invalid);
        (await AskAsync(other)).ShouldBe(Caller);
    }

    [Fact]
    public async Task Flood_of_forged_tokens_is_throttled_and_a_seen_token_from_there_still_passes()
    {
        var good = Token(_ => { });
        (await AskAsync(good)).ShouldBe(Caller);
        var answers = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            answers.Add(await AskAsync(Token(claims => claims["jti"] = $"{i}", key: Stranger)));
        }

        answers.Count(answer => answer == Invalid).ShouldBe(30);
        answers.Skip(30).ShouldAllBe(answer => answer == Throttled);
        (await AskAsync(good)).ShouldBe(Caller);
        (await AskAsync(Token(claims => claims["jti"] = "new"))).ShouldBe(Throttled, "no signature is checked for this source now");
        (await AskAsync(Token(claims => claims["jti"] = "new"), IPAddress.Parse("198.51.100.1"))).ShouldBe(Caller);
    }

    [Fact]
    public async Task Gateway_must_be_one_of_the_named_principals()
    {
        await using var services = Compose(new() { ["FuncAiSecure:Gateway:Principals:0"] = "local:apim" });
        var gateway = services.GetRequiredService<GatewayCheck>();
        var apim = "Bearer " + Token(claims => claims["azp"] = "apim");

        gateway.IsRequired.ShouldBeTrue();
        (await CheckAsync(gateway, null)).ShouldBe(RefusalCode.CredentialMissing);
        (await CheckAsync(gateway, "Basic x")).ShouldBe(RefusalCode.CredentialMissing);
        (await CheckAsync(gateway, "Bearer nonsense")).ShouldBe(RefusalCode.CredentialInvalid);
        (await CheckAsync(gateway, "Bearer " + Token(_ => { }))).ShouldBe(RefusalCode.CredentialInvalid);
        (await CheckAsync(gateway, apim)).ShouldBeNull();
        (await CheckAsync(_services.GetRequiredService<GatewayCheck>(), null)).ShouldBeNull();
    }

    [Theory]
    [InlineData("Issuers:0:Issuer", "http://issuer.example")]
    [InlineData("Issuers:0:Issuer", "issuer")]
    [InlineData("Issuers:0:Algorithms:0", "HS256")]
    [InlineData("Issuers:0:Algorithms:0", "none")]
    [InlineData("Issuers:0:Grants:0:Roles:0", "root")]
    [InlineData("Issuers:0:Grants:0:Models:0", "a*b")]
    [InlineData("Issuers:0:Name", "Not A Name")]
    [InlineData("ClockSkew", "00:05:00")]
    public async Task Weak_settings_are_refused_at_start(string name, string value)
    {
        await using var services = Compose(new() { [$"{TokensOptions.SectionName}:{name}"] = value });

        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(services.GetRequiredService<Authenticator>);
    }

    private static async Task<RefusalCode?> CheckAsync(GatewayCheck gateway, string? header) =>
        (await gateway.CheckAsync(header, IPAddress.Loopback, CancellationToken.None))?.Code;

    private static long Unix(int seconds) => new ManualTimeProvider().GetUtcNow().ToUnixTimeSeconds() + seconds;

    private ServiceProvider Compose(Dictionary<string, string?> more)
    {
        const string Section = TokensOptions.SectionName;
        var settings = new Dictionary<string, string?>
        {
            ["FuncAiSecure:Vault:Uri"] = "https://vault.invalid",
            [$"{Section}:Issuers:0:Name"] = "local",
            [$"{Section}:Issuers:0:Issuer"] = _issuer.Issuer,
            [$"{Section}:Issuers:0:Audiences:0"] = Audience,
            [$"{Section}:Issuers:0:CertificateFile"] = _issuer.RootFile,
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

    private string Token(
        Action<Dictionary<string, object>> change,
        Dictionary<string, object>? header = null,
        SecurityKey? key = null,
        string algorithm = "RS256")
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = _issuer.Issuer,
            ["aud"] = Audience,
            ["azp"] = "app-1",
            ["sub"] = "subject-1",
            ["nbf"] = Unix(0),
            ["exp"] = Unix(3_600),
        };
        change(claims);
        return LocalIssuer.Sign(key ?? Rsa, algorithm, claims, header);
    }

    private ValueTask<AuthenticationResult> ShowAsync(string token, IPAddress? source = null) =>
        _authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), source ?? IPAddress.Loopback, CancellationToken.None);

    private async Task<string> AskAsync(string token, IPAddress? source = null)
    {
        var result = await ShowAsync(token, source);
        return result.Principal?.Id.Value ?? result.Refusal!.Code.ToString();
    }
}
