using System.Net;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Core.Tests.Identity.ApiKeys;

/// <summary>One instance's identity on a local vault and a manual clock; several instances can share the vault.</summary>
internal sealed class IdentityHarness : IAsyncDisposable
{
    public static readonly IPAddress Source = IPAddress.Parse("203.0.113.7");

    private readonly ServiceProvider _services;

    public IdentityHarness(LocalVaultFixture vault, ManualTimeProvider clock, Dictionary<string, string?>? settings = null, SecretClient? client = null)
    {
        // A machine that is busy must not make the vault one that does not answer.
        var patient = new Dictionary<string, string?> { ["FuncAiSecure:Vault:Timeout"] = "00:01:00" };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(vault.Settings).AddInMemoryCollection(patient).AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock);
        if (client is not null)
        {
            services.AddSingleton(client);
        }

        _services = services.AddIdentity(configuration).BuildServiceProvider();
        Authenticator = _services.GetRequiredService<Authenticator>();
        Keys = _services.GetRequiredService<ApiKeyService>();
        Checker = _services.GetRequiredService<ApiKeyChecker>();
        Peppers = _services.GetRequiredService<PepperSource>();
        Cache = _services.GetRequiredService<ApiKeyCache>();
        Client = _services.GetRequiredService<SecretClient>();
        Counters = _services.GetRequiredService<IdentityCounters>();
    }

    public Authenticator Authenticator { get; }

    public ApiKeyService Keys { get; }

    public ApiKeyChecker Checker { get; }

    public PepperSource Peppers { get; }

    public ApiKeyCache Cache { get; }

    public SecretClient Client { get; }

    public IdentityCounters Counters { get; }

    public static ApiKeyRequest Request(string principal = "app:billing") => new()
    {
        Principal = principal,
        Name = "Billing",
        Roles = ["infer"],
        Models = ["sentiment", "embed-*"],
    };

    public async Task<CreatedApiKey> CreateAsync(ApiKeyRequest? request = null)
    {
        var created = await Keys.CreateAsync(request ?? Request(), KeyActor.VaultOperator, CancellationToken.None);
        created.Refusal.ShouldBeNull();
        return created.Value!;
    }

    public ValueTask<AuthenticationResult> ShowAsync(string key, IPAddress? source = null) =>
        Authenticator.AuthenticateAsync(PresentedCredential.ApiKey(key), source ?? Source, CancellationToken.None);

    /// <summary>The principal's id, or the refusal's code.</summary>
    public async Task<string> AskAsync(string key, IPAddress? source = null)
    {
        var result = await ShowAsync(key, source);
        return result.Principal?.Id.Value ?? result.Refusal!.Code.ToString();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
