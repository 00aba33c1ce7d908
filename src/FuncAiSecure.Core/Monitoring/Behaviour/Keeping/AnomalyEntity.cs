using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

/// <summary>An anomaly as a row. Keys fall as time passes, so that the newest come first.</summary>
internal static class AnomalyEntity
{
    /// <summary>Rows from before a moment have greater keys.</summary>
    public static string KeyAt(DateTimeOffset moment) => (DateTimeOffset.MaxValue.UtcTicks - moment.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    public static TableEntity Write(string partition, Anomaly anomaly)
    {
        // The rest of the key tells apart what happened at one moment; written twice it is one row.
        var about = SHA256.HashData(Encoding.UTF8.GetBytes($"{anomaly.Principal}\n{anomaly.Model}\n{anomaly.Version}"));
        var key = string.Create(CultureInfo.InvariantCulture, $"{KeyAt(anomaly.At)}-{(int)anomaly.Signal}-{Convert.ToHexStringLower(about, 0, 8)}");
        return new TableEntity(partition, key)
        {
            ["At"] = anomaly.At,
            ["Signal"] = anomaly.Signal.ToString(),
            ["Principal"] = anomaly.Principal,
            ["Model"] = anomaly.Model,
            ["Version"] = anomaly.Version,
            ["Value"] = anomaly.Value,
            ["Limit"] = anomaly.Limit,
        };
    }

    public static bool TryRead(TableEntity entity, [NotNullWhen(true)] out Anomaly? anomaly)
    {
        anomaly = null;
        if (entity.GetDateTimeOffset("At") is not { } at
            || !Enum.TryParse<Signal>(entity.GetString("Signal"), out var signal)
            || entity.GetDouble("Value") is not { } value
            || entity.GetDouble("Limit") is not { } limit)
        {
            return false;
        }

        anomaly = new Anomaly(at, signal, entity.GetString("Principal"), entity.GetString("Model"), entity.GetInt32("Version"), value, limit);
        return true;
    }
}
