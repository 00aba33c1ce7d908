using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>Registers the guards.</summary>
public static class GuardServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="InputGuard"/>, <see cref="OutputGuard"/> and <see cref="Moderation"/> as singletons, set up by
    /// <see cref="GuardOptions.SectionName"/>. Needs the vault's client and the models' options to be registered.
    /// </summary>
    public static IServiceCollection AddFuncAiSecureGuards(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<GuardOptions, GuardOptionsValidator>().BindSettings(configuration, GuardOptions.SectionName);
        services.TryAddSingleton<GuardKeySource>();
        services.TryAddSingleton<IGuardKeySource>(provider => provider.GetRequiredService<GuardKeySource>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<GuardKeySource>());
        services.TryAddSingleton(provider => new PromptClassifierSource(
            provider.GetRequiredService<IOptions<GuardOptions>>(),
            provider.GetRequiredService<IOptions<ModelOptions>>(),
            name => provider.GetService<ModelCatalog>()?.ServingVersion(name),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PromptClassifierSource>>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PromptClassifierSource>());
        services.TryAddSingleton(provider => new InputGuard(
            provider.GetRequiredService<IOptions<GuardOptions>>(),
            provider.GetRequiredService<PromptClassifierSource>(),
            provider.GetRequiredService<IGuardKeySource>()));
        services.TryAddSingleton(provider => new OutputGuard(provider.GetRequiredService<IGuardKeySource>()));
        services.TryAddSingleton(provider => new Moderation(provider.GetRequiredService<InputGuard>()));
        return services;
    }
}
