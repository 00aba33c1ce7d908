using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.IntegrationTests.Oidc;

/// <summary>Tokens of a real OpenID provider: discovery, rollover while running, another audience, the provider gone.</summary>
public sealed class OidcProviderTests
{
    [Fact]
    public async Task Tokens_of_a_real_provider_are_accepted_through_rollover_and_outage()
    {
        await using var provider = await OidcProviderFixture.StartAsync();
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var services = Compose(provider, clock, "api://funcai");
        var authenticator = services.GetRequiredService<Authenticator>();

        var first = await provider.GetTokenAsync();
        var result = await ShowAsync(authenticator, first);
        result.Principal.ShouldNotBeNull(result.Refusal?.Code.ToString());
        result.Principal.Id.Value.ShouldBe("provider:billing");
        result.Principal.Roles.ShouldBe(Roles.Infer);

        await provider.RotateAsync();
        var second = await provider.GetTokenAsync();
        (await ShowAsync(authenticator, second)).Refusal!.Code.ShouldBe(RefusalCode.CredentialInvalid, "keys were read within this minute");
        clock.Advance(TimeSpan.FromMinutes(1));
        (await ShowAsync(authenticator, second)).IsAuthenticated.ShouldBeTrue();

        var third = await provider.GetTokenAsync();
        await provider.StopAsync();
        (await ShowAsync(authenticator, second)).IsAuthenticated.ShouldBeTrue();
        (await ShowAsync(authenticator, third)).IsAuthenticated.ShouldBeTrue("known keys outlive the provider");

        await using var strangers = Compose(provider, clock, "api://other");
        (await ShowAsync(strangers.GetRequiredService<Authenticator>(), third)).Refusal!.Code.ShouldBe(RefusalCode.CredentialInvalid);
        await using var late = Compose(provider, clock, "api://funcai");
        (await ShowAsync(late.GetRequiredService<Authenticator>(), third)).Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
    }

    private static ValueTask<AuthenticationResult> ShowAsync(Authenticator authenticator, string token) =>
        authenticator.AuthenticateAsync(PresentedCredential.Bearer(token), IPAddress.Loopback, CancellationToken.None);

    private static ServiceProvider Compose(OidcProviderFixture provider, TimeProvider clock, string audience)
    {
        var settings = new Dictionary<string, string?>(provider.Settings(audience)) { ["FuncAiSecure:Vault:Uri"] = "https://vault.invalid" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddLogging().AddSingleton(clock).AddIdentity(configuration).BuildServiceProvider();
    }
}
