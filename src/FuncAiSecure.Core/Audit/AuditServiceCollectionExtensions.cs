using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Audit.Storage;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>Registers the audit trail.</summary>
public static class AuditServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="AuditTrail"/> with its sender, <see cref="AuditArchive"/>, <see cref="PayloadCapture"/> and
    /// <see cref="AuditRetention"/>. Needs a <see cref="TableServiceClient"/> and a <see cref="SecretClient"/>.
    /// </summary>
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<AuditOptions, AuditOptionsValidator>().BindSettings(configuration, AuditOptions.SectionName);
        services.TryAddSingleton<IAuditSecrets>(provider => new VaultAuditSecrets(provider.GetRequiredService<SecretClient>(), OptionsOf(provider).SecretName));
        services.AddSingleton<AuditTrail>();
        services.AddSingleton(provider => new AuditStore(TableOf(provider)));
        services.AddSingleton(provider => new AuditLedger(TableOf(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AuditArchive(
            TableOf(provider), provider.GetRequiredService<IAuditSecrets>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PayloadStore(
            provider.GetRequiredService<TableServiceClient>().GetTableClient(OptionsOf(provider).PayloadTableName),
            new VaultAuditSecrets(provider.GetRequiredService<SecretClient>(), OptionsOf(provider).PayloadSecretName),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PayloadCapture>();
        services.AddSingleton<AuditRetention>();
        services.AddHostedService<AuditShipper>();
        services.AddHostedService(provider => provider.GetRequiredService<PayloadCapture>());
        services.AddHostedService(provider => new CaptureCheck(
            provider.GetRequiredService<IOptions<AuditOptions>>(),
            () => provider.GetService<ModelCatalog>() is { IsKnown: true } catalog ? catalog.List() : null,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CaptureCheck>>()));
        return services;
    }

    private static AuditOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuditOptions>>().Value;

    private static TableClient TableOf(IServiceProvider provider) =>
        provider.GetRequiredService<TableServiceClient>().GetTableClient(OptionsOf(provider).TableName);
}
