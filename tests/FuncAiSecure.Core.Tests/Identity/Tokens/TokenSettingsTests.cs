using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Core.Tests.Identity.Tokens;

/// <summary>What is refused at start, and the gateway's own token.</summary>
public sealed class TokenSettingsTests : TokenTests
{
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
        (await CheckAsync(Services.GetRequiredService<GatewayCheck>(), null)).ShouldBeNull();
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
    [InlineData("Issuers:0:Audiences:0", " ")]
    [InlineData("Issuers:0:Audiences:1", "")]
    [InlineData("Issuers:0:CertificateFile", "/no/such/file.pem")]
    public async Task Weak_settings_are_refused_at_start(string name, string value)
    {
        await using var services = Compose(new() { [$"{TokensOptions.SectionName}:{name}"] = value });

        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(services.GetRequiredService<Authenticator>);
    }

    [Fact]
    public void An_issuer_without_an_audience_would_take_every_applications_tokens()
    {
        var options = new TokensOptions { Issuers = [new TokenIssuerOptions { Name = "entra", Issuer = "https://issuer.example", Algorithms = ["RS256"] }] };

        new TokenIssuersValidator().Validate(null, options).Failures.ShouldBe(
            ["FuncAiSecure:Tokens:Issuers:0:Audiences must name at least one audience, and none that is empty."]);
    }

    [Theory]
    [InlineData("one", "https://one.example", "FuncAiSecure:Tokens: an issuer is listed twice.", "FuncAiSecure:Tokens: two issuers have one name.")]
    [InlineData("two", "https://one.example", "FuncAiSecure:Tokens: an issuer is listed twice.")]
    [InlineData("one", "https://two.example", "FuncAiSecure:Tokens: two issuers have one name.")]
    [InlineData("two", "https://two.example")]
    public void Issuers_are_told_apart_by_address_and_by_name(string name, string issuer, params string[] faults)
    {
        var options = new TokensOptions { Issuers = [Of("one", "https://one.example"), Of(name, issuer)] };

        (new TokenIssuersValidator().Validate(null, options).Failures ?? []).ShouldBe(faults);

        static TokenIssuerOptions Of(string name, string issuer) => new() { Name = name, Issuer = issuer, Audiences = ["api"], Algorithms = ["RS256"] };
    }

    [Fact]
    public async Task A_role_that_is_granted_twice_is_refused_at_start()
    {
        await using var services = Compose(new() { [$"{TokensOptions.SectionName}:Issuers:0:Grants:1:Role"] = "FuncAi.Infer" });

        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(services.GetRequiredService<Authenticator>).Message.ShouldBe(
            "FuncAiSecure:Tokens:Issuers:0:Grants: the role 'FuncAi.Infer' is granted twice; one grant may list several Roles and Models.");
    }

    private static async Task<RefusalCode?> CheckAsync(GatewayCheck gateway, string? header) =>
        (await gateway.CheckAsync(header, IPAddress.Loopback, CancellationToken.None))?.Code;
}
