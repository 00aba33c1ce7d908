using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Network;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Native;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Secrets;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using FuncAiSecure.OpenApi;
using FuncAiSecure.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure;

/// <summary>The composition of the app, the same in the Functions worker, in the local host and in tests.</summary>
public static class FuncAiSecureApplication
{
    /// <summary>Every section of settings that the app reads. A test holds it equal to the option classes.</summary>
    internal static readonly string[] Sections =
    [
        TransportOptions.SectionName, TelemetryOptions.SectionName, VaultOptions.SectionName, IdentityOptions.SectionName,
        NetworkOptions.SectionName, TokensOptions.SectionName, CertificatesOptions.SectionName, GatewayOptions.SectionName,
        QuotaOptions.SectionName, ModelOptions.SectionName, InferenceOptions.SectionName, AuditOptions.SectionName,
        GuardOptions.SectionName, ExtractionOptions.SectionName, BehaviourOptions.SectionName,
    ];

    /// <summary>Registers every service and puts the chain in front of the functions.</summary>
    /// <param name="app">The host's services, configuration and logging.</param>
    /// <param name="worker">Where function middleware is registered; after the ASP.NET Core integration.</param>
    public static void Configure(IHostApplicationBuilder app, IFunctionsWorkerApplicationBuilder worker)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(worker);

        app.Configuration.RefuseUnknownSections(Sections);
        app.Services.TryAddSingleton(TimeProvider.System);
        // Before anything can load the native library.
        OnnxRuntimeGuard.Begin();
        AddTransport(app);
        app.Services.AddTelemetry();
        app.Services.AddVault(app.Configuration);
        app.Services.AddTableStorage(app.Configuration);
        app.Services.AddIdentity(app.Configuration);
        app.Services.AddInference(app.Configuration);
        app.Services.AddModels();
        app.Services.AddFuncAiSecureQuotas(app.Configuration);
        app.Services.AddAudit(app.Configuration);
        app.Services.AddFuncAiSecureGuards(app.Configuration);
        app.Services.AddBehaviour(app.Configuration);
        app.Services.AddExtractionGuard(app.Configuration);
        AddReadiness(app.Services);
        Pipeline.Use(worker);
    }

    private static void AddTransport(IHostApplicationBuilder app)
    {
        app.Services.AddOptionsWithValidateOnStart<TransportOptions, TransportOptionsValidator>()
            .BindSettings(TransportOptions.SectionName);
        app.Services.AddSingleton<OpenApiDocument>();
        app.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);

        app.Services.KeepDataProtectionKeysInMemory();
        // It warns of keys stored unencrypted; these are never stored.
        app.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // The server's own request log holds the query string.
        app.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    }

    private static void AddReadiness(IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddHostedService<ReadinessMonitor>();
        services.AddSingleton<IReadinessCheck, TelemetryCheck>();
        services.AddSingleton<IReadinessCheck, VaultCheck>();
        services.AddSingleton<IReadinessCheck, StorageCheck>();
        services.AddSingleton<IReadinessCheck, ModelsCheck>();
        services.AddSingleton<IReadinessCheck, AuditCheck>();
        services.AddSingleton<IReadinessCheck, SelfCheck>();
    }
}
