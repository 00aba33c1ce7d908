using FuncAiSecure.Core;
using FuncAiSecure.Core.Monitoring;
using FuncAiSecure.Core.Monitoring.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Telemetry;

/// <summary>Registers measurements and their way out.</summary>
internal static class TelemetryServiceCollectionExtensions
{
    /// <summary>Before every other hosted service: what starts first stops last. Needs the models and the audit trail.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<TelemetryOptions, TelemetryOptionsValidator>().BindSettings(TelemetryOptions.SectionName);
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryEndpointValidator>();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<StateMetrics>();
        services.AddSingleton<LiveStatistics>();
        services.AddHostedService<TelemetryExport>();
        return services;
    }
}
