using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FuncAiSecure.Core.Storage;

/// <summary>Registers the Table Storage client.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>The host's own storage setting: a connection string, or a section with an account's name or table address.</summary>
    public const string SettingName = "AzureWebJobsStorage";

    // One attempt more than none: nobody must wait out the SDK's default of minutes. Who waits less says so himself, as quotas do.
    private const int MaxRetries = 1;

    // The service works on a page of a query for up to five seconds, and does where few rows match: a sweep must not give up before.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Adds a singleton <see cref="TableServiceClient"/> from <c>AzureWebJobsStorage</c>: a connection string (development), or
    /// <c>AzureWebJobsStorage__accountName</c> or <c>__tableServiceUri</c> with the app's managed identity.
    /// </summary>
    public static IServiceCollection AddTableStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(_ => CreateClient(configuration));
        return services;
    }

    /// <summary>Makes the client.</summary>
    /// <exception cref="SettingsException">The setting is missing or names no account. The message never holds the setting.</exception>
    public static TableServiceClient CreateClient(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = ClientOptions();
        var setting = configuration.GetSection(SettingName);
        if (setting.Value is { Length: > 0 } connectionString)
        {
            return FromConnectionString(connectionString, options);
        }

        return new TableServiceClient(AddressOf(setting), CredentialOf(setting), options);
    }

    /// <summary>How long and how often a call is tried.</summary>
    internal static TableClientOptions ClientOptions() => new()
    {
        Retry = { MaxRetries = MaxRetries, Delay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromMilliseconds(500), NetworkTimeout = CallTimeout, Mode = RetryMode.Exponential },
    };

    private static TableServiceClient FromConnectionString(string connectionString, TableClientOptions options)
    {
        try
        {
            return new TableServiceClient(connectionString, options);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            // The cause may quote the setting, which holds a key.
            throw new SettingsException($"{SettingName} is not a valid connection string.");
        }
    }

    private static Uri AddressOf(IConfigurationSection setting)
    {
        if (Uri.TryCreate(setting["tableServiceUri"], UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
        {
            return address;
        }

        return setting["accountName"] is { Length: > 0 } account
            ? new Uri($"https://{account}.table.core.windows.net")
            : throw new SettingsException($"Set {SettingName}, or {SettingName}__accountName with a managed identity.");
    }

    private static ManagedIdentityCredential CredentialOf(IConfigurationSection setting) => new(
        setting["clientId"] is { Length: > 0 } clientId ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned);
}
