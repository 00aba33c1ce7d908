using System.Diagnostics.Metrics;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Monitoring.Behaviour.Acting;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Quotas;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>Registers the watch over behaviour.</summary>
public static class BehaviourServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="BehaviourMonitor"/>, <see cref="BehaviourReport"/>, their options (checked at start) and their background work.
    /// Needs a <see cref="TableServiceClient"/>, quotas and the audit trail.
    /// </summary>
    public static IServiceCollection AddBehaviour(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BehaviourOptions>()
            .BindSettings(configuration, BehaviourOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BehaviourOptions>, BehaviourOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new SteadyTime(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new BehaviourMonitor(Options(provider), provider.GetRequiredService<SteadyTime>()));
        services.TryAddSingleton<IBehaviourStore>(provider => new TableBehaviourStore(
            provider.GetRequiredService<TableServiceClient>().GetTableClient(Options(provider).TableName), Log(provider)));
        services.TryAddSingleton(provider => new BehaviourReport(provider.GetRequiredService<IBehaviourStore>()));
        services.AddHostedService(Upkeep);
        return services;
    }

    private static BehaviourUpkeep Upkeep(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<IBehaviourStore>();
        var time = provider.GetRequiredService<SteadyTime>();
        Func<AuditRecord, bool> record = provider.GetRequiredService<AuditTrail>().TryRecord;
        var (options, log) = (Options(provider), Log(provider));
        var lowering = new PlanLowering(new QuotaPlanControl(provider.GetRequiredService<QuotaService>()), store, options, record, time, log);
        var responder = new SignalResponder(store, lowering, record, provider.GetRequiredService<IMeterFactory>(), log);
        return new BehaviourUpkeep(provider.GetRequiredService<BehaviourMonitor>(), store, responder, lowering, options, time, log);
    }

    private static BehaviourOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<BehaviourOptions>>().Value;

    private static ILogger Log(IServiceProvider provider) => provider.GetRequiredService<ILogger<BehaviourMonitor>>();
}
