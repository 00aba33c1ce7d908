using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Tokens;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Quotas;

/// <summary>Registers quotas.</summary>
public static class QuotaServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="QuotaService"/>, its options (checked at start), its upkeep, which returns leases at shutdown, and the check at start
    /// of plans that tokens and certificates grant.
    /// Needs a <see cref="TableServiceClient"/>; takes <see cref="TimeProvider"/> and <see cref="IModelNames"/> if registered.
    /// </summary>
    public static IServiceCollection AddFuncAiSecureQuotas(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<QuotaOptions>()
            .BindSettings(configuration, QuotaOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuotaOptions>>(provider => new QuotaOptionsValidator(provider.GetService<IModelNames>()));
        services.AddSingleton<IValidateOptions<TokensOptions>, GrantedPlansValidator>();
        services.AddSingleton<IValidateOptions<CertificatesOptions>, GrantedPlansValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ServiceClock(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => Create(
            provider.GetRequiredService<TableServiceClient>(),
            provider.GetRequiredService<IOptions<QuotaOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ServiceClock>(),
            provider.GetRequiredService<ILogger<QuotaService>>(),
            new QuotaMetrics(provider.GetService<IMeterFactory>())));
        services.AddHostedService(provider => new QuotaUpkeep(provider.GetRequiredService<QuotaService>()));
        return services;
    }

    /// <summary>The service for an operator's tool: usage, plans and resets by the application's settings, without upkeep.</summary>
    /// <exception cref="SettingsException">The settings are not valid; the message names every fault.</exception>
    public static QuotaService CreateForTools(TableServiceClient tables, IConfiguration configuration, TimeProvider time) =>
        Create(tables, ReadForTools(configuration), time, new ServiceClock(time), NullLogger.Instance, new QuotaMetrics());

    /// <summary>The plans of the application's settings, for an operator's tool that needs no more of quotas.</summary>
    /// <exception cref="SettingsException">As above.</exception>
    public static IEnumerable<string> PlanNamesForTools(IConfiguration configuration) => new PlanCatalog(ReadForTools(configuration)).Names;

    private static QuotaOptions ReadForTools(IConfiguration configuration)
    {
        var options = configuration.ReadSettings<QuotaOptions>(QuotaOptions.SectionName);
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        string?[] all = [.. faults.Select(fault => fault.ErrorMessage), .. new QuotaOptionsValidator().Validate(null, options).Failures ?? []];
        return all.Length == 0 ? options : throw new SettingsException(string.Join(" ", all));
    }

    internal static QuotaService Create(
        TableServiceClient tables, QuotaOptions options, TimeProvider time, ServiceClock clock, ILogger log, QuotaMetrics metrics)
    {
        var store = new TableQuotaStore(tables.GetTableClient(options.TableName), clock, time, options.CallTimeout, log);
        var context = new LedgerContext
        {
            Store = store,
            Time = time,
            Clock = clock,
            Options = options,
            Log = log,
            Metrics = metrics,
            InstanceId = NewInstanceId(),
        };
        return new QuotaService(context, new PlanCatalog(options));
    }

    private static string NewInstanceId() =>
        RandomNumberGenerator.GetHexString(12, lowercase: true).ToString(CultureInfo.InvariantCulture);
}
