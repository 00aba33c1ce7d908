using System.Diagnostics.CodeAnalysis;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>A counter as a table entity.</summary>
internal static class WindowRowEntity
{
    public const string EndsAt = "EndsAt";

    public static TableEntity Write(RowAddress address, WindowRow row) => new(address.PartitionKey, address.RowKey)
    {
        [EndsAt] = new DateTimeOffset(row.EndsAt),
        ["Limit"] = row.Limit,
        ["Granted"] = row.Granted,
        ["Returned"] = row.Returned,
        ["Strayed"] = row.Strayed,
        ["Leases"] = LeaseEntry.Format(row.Entries),
    };

    /// <summary>False for a row that this ledger did not write: a counter that cannot be read must not be taken for an empty one.</summary>
    public static bool TryRead(TableEntity entity, [NotNullWhen(true)] out WindowRow? row)
    {
        row = null;
        if (entity[EndsAt] is not DateTimeOffset endsAt
            || entity["Limit"] is not long limit
            || entity["Granted"] is not long granted || granted < 0
            || entity["Returned"] is not long returned || returned < 0 || returned > granted
            || entity["Strayed"] is not long strayed || strayed < 0
            || !LeaseEntry.TryParse(entity["Leases"] as string, out var entries))
        {
            return false;
        }

        row = new WindowRow
        {
            EndsAt = endsAt.UtcDateTime,
            Limit = limit,
            Granted = granted,
            Returned = returned,
            Strayed = strayed,
            Entries = entries,
        };
        return true;
    }
}
