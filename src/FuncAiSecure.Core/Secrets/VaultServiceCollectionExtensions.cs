using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Secrets;

/// <summary>Registers the vault's client.</summary>
public static class VaultServiceCollectionExtensions
{
    /// <summary>Adds a singleton <c>SecretClient</c> made from <see cref="VaultOptions.SectionName"/>, checked at start.</summary>
    public static IServiceCollection AddVault(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<VaultOptions, VaultOptionsValidator>().BindSettings(configuration, VaultOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VaultOptions>, VaultCredentialValidator>());
        services.TryAddSingleton(provider => VaultClientFactory.Create(
            provider.GetRequiredService<IOptions<VaultOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
