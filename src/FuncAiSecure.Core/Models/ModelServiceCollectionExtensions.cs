using Azure.Data.Tables;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Models.Serving;
using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models;

/// <summary>Registers the models of an instance.</summary>
public static class ModelServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ModelCatalog"/>, kept up to date by a hosted service, <see cref="ModelPromoter"/> and <see cref="IPromotionStore"/>
    /// on Table Storage, and tells quotas which models there are. Needs an <see cref="IModelRuntime"/> (the inference engine) and a <see cref="TableServiceClient"/>.
    /// </summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ModelOptions>().BindSettings(ModelOptions.SectionName);
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelKeysValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IPromotionStore>(provider => PromotionStores.OnTables(
            provider.GetRequiredService<TableServiceClient>(), provider.GetRequiredService<IOptions<ModelOptions>>().Value));
        services.TryAddSingleton<IModelNames, ModelDirectoryNames>();
        services.TryAddSingleton<ModelPromoter>();
        services.TryAddSingleton(provider => new ModelLoader(
            provider.GetRequiredService<IModelRuntime>(),
            ModelTrust.FromOptions(provider.GetRequiredService<IOptions<ModelOptions>>().Value, AppContext.BaseDirectory),
            provider.GetRequiredService<IOptions<ModelOptions>>().Value.MemoryBudgetMiB));
        services.TryAddSingleton(provider => new ModelCatalog(
            provider.GetRequiredService<IOptions<ModelOptions>>(),
            provider.GetRequiredService<ModelLoader>(),
            provider.GetRequiredService<IPromotionStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelCatalog>>()));
        services.AddHostedService<ModelCatalogService>();
        return services;
    }
}
