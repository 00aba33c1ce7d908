using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>A storage connection string, reduced to where the tables are and how to be let in.</summary>
internal sealed record ConnectionString(Uri Endpoint, TableSharedKeyCredential Key, AzureSasCredential Sas)
{
    private const string EmulatorAccount = "devstoreaccount1";

    // The emulator's key is public and the same on every machine.
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static ConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var settings = Split(text);
        if (string.Equals(settings.GetValueOrDefault("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
        {
            var host = settings.TryGetValue("DevelopmentStorageProxyUri", out var proxy) ? new Uri(proxy) : new Uri("http://127.0.0.1");
            return new(
                new Uri(string.Create(CultureInfo.InvariantCulture, $"{host.Scheme}://{host.Host}:10002/{EmulatorAccount}")),
                new TableSharedKeyCredential(EmulatorAccount, EmulatorKey),
                null);
        }

        var account = settings.GetValueOrDefault("AccountName");
        var endpoint = settings.GetValueOrDefault("TableEndpoint");
        if (endpoint is null && account is not null && settings.TryGetValue("EndpointSuffix", out var suffix))
        {
            endpoint = $"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{suffix}";
        }

        return endpoint is null ? throw Unusable()
            : settings.TryGetValue("SharedAccessSignature", out var sas) ? new(new Uri(endpoint), null, new AzureSasCredential(sas))
            : account is not null && settings.TryGetValue("AccountKey", out var key)
                ? new(new Uri(endpoint), new TableSharedKeyCredential(account, key), null)
                : throw Unusable();
    }

    private static Dictionary<string, string> Split(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("Settings must be of the form \"name=value\".");
            }

            if (!settings.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                throw new FormatException("Duplicate setting found.");
            }
        }

        return settings;
    }

    private static InvalidOperationException Unusable() => new("No valid combination of account information found.");
}
