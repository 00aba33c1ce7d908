using System.Collections.Frozen;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Network;
using FuncAiSecure.Core.Identity.Throttling;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.Core.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Identity;

/// <summary>Registers identity.</summary>
public static class IdentityServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="Authenticator"/> and <see cref="ApiKeyService"/> as singletons, with the vault's client and every options
    /// section they read, checked at start.
    /// </summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddVault(configuration);
        services.AddOptionsWithValidateOnStart<IdentityOptions, IdentityOptionsValidator>().BindSettings(configuration, IdentityOptions.SectionName);
        services.AddOptionsWithValidateOnStart<NetworkOptions, NetworkOptionsValidator>().BindSettings(configuration, NetworkOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NetworkOptions>, TrustedProxiesValidator>());

        services.TryAddSingleton<IdentityCounters>();
        services.TryAddSingleton(provider => new CredentialFailures(Options(provider), Time(provider)));
        services.TryAddSingleton(provider => new ApiKeyCache(Options(provider).MaxCachedKeys, Time(provider)));
        services.TryAddSingleton(provider => new ApiKeyVault(
            provider.GetRequiredService<SecretClient>(),
            new VaultAvailability(Time(provider)),
            Counters(provider),
            Time(provider),
            provider.GetRequiredService<ILogger<ApiKeyVault>>()));
        services.TryAddSingleton(provider => new PepperSource(
            provider.GetRequiredService<ApiKeyVault>(), Options(provider).PepperRefresh, Time(provider)));
        services.TryAddSingleton(provider => new ApiKeyAuthenticator(
            provider.GetRequiredService<ApiKeyVault>(),
            provider.GetRequiredService<PepperSource>(),
            provider.GetRequiredService<ApiKeyCache>(),
            provider.GetRequiredService<CredentialFailures>(),
            Counters(provider),
            Options(provider),
            Time(provider)));
        AddTokens(services, configuration);
        AddCertificates(services, configuration);
        services.TryAddSingleton(provider => new Authenticator(
            provider.GetRequiredService<ApiKeyAuthenticator>(),
            provider.GetRequiredService<TokenAuthenticator>(),
            provider.GetRequiredService<CertificateAuthenticator>()));
        services.TryAddSingleton(provider => new ApiKeyService(
            provider.GetRequiredService<SecretClient>(), Time(provider), provider.GetRequiredService<ApiKeyCache>()));
        services.TryAddSingleton(provider => new ApiKeyChecker(provider.GetRequiredService<ApiKeyVault>(), Time(provider)));
        return services;
    }

    private static void AddTokens(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<TokensOptions, TokensOptionsValidator>().BindSettings(configuration, TokensOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokensOptions>, TokenIssuersValidator>());
        services.AddOptionsWithValidateOnStart<GatewayOptions, GatewayOptionsValidator>().BindSettings(configuration, GatewayOptions.SectionName);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<TokensOptions>>().Value;
            var logger = provider.GetRequiredService<ILogger<TokenAuthenticator>>();
            var time = Time(provider);
            return new TokenAuthenticator(
                options.Issuers.ToFrozenDictionary(
                    issuer => issuer.Issuer,
                    issuer => new TokenIssuer(
                        issuer,
                        new IssuerKeys(issuer, IssuerConnection.Create(issuer), options.KeyRefresh, time, logger),
                        options.ClockSkew),
                    StringComparer.Ordinal),
                provider.GetRequiredService<CredentialFailures>(),
                Counters(provider),
                options,
                time);
        });
        services.TryAddSingleton(provider => new GatewayCheck(
            provider.GetRequiredService<IOptions<GatewayOptions>>().Value, provider.GetRequiredService<TokenAuthenticator>()));
    }

    private static void AddCertificates(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<CertificatesOptions, CertificatesOptionsValidator>()
            .BindSettings(configuration, CertificatesOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CertificatesOptions>, CertificateMappingsValidator>());
        services.TryAddSingleton(provider => new CertificateAuthenticator(
            provider.GetRequiredService<IOptions<CertificatesOptions>>().Value,
            provider.GetRequiredService<CredentialFailures>(),
            Time(provider)));
    }

    private static IdentityCounters Counters(IServiceProvider provider) => provider.GetRequiredService<IdentityCounters>();

    private static IdentityOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<IdentityOptions>>().Value;

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
