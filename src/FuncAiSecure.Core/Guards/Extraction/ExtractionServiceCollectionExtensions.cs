using Azure.Data.Tables;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>Registers the defence against extraction.</summary>
public static class ExtractionServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ExtractionGuard"/>, its options (checked at start) and its background work. Needs a
    /// <see cref="TableServiceClient"/> and the watch over behaviour.
    /// </summary>
    public static IServiceCollection AddExtractionGuard(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<ExtractionOptions, ExtractionOptionsValidator>()
            .BindSettings(configuration, ExtractionOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new SteadyTime(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new ServiceClock(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new StorageTime(provider.GetRequiredService<SteadyTime>(), provider.GetRequiredService<ServiceClock>()));
        services.TryAddSingleton(provider => new ExtractionGuard(
            Options(provider), provider.GetRequiredService<BehaviourMonitor>(), provider.GetRequiredService<StorageTime>()));
        services.TryAddSingleton<IBudgetStore>(provider => new TableBudgetStore(
            provider.GetRequiredService<TableServiceClient>().GetTableClient(Options(provider).TableName), provider.GetRequiredService<StorageTime>(), Log(provider)));
        services.AddHostedService(provider => new BudgetUpkeep(
            provider.GetRequiredService<ExtractionGuard>(),
            provider.GetRequiredService<IBudgetStore>(),
            Options(provider),
            provider.GetRequiredService<StorageTime>(),
            Log(provider)));
        return services;
    }

    private static ExtractionOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<ExtractionOptions>>().Value;

    private static ILogger Log(IServiceProvider provider) => provider.GetRequiredService<ILogger<ExtractionGuard>>();
}
