using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>What the ledger says of a chain.</summary>
internal enum LedgerEvent
{
    /// <summary>It begins.</summary>
    Opened,

    /// <summary>It has ended, with so many records and this code of the last.</summary>
    Closed,

    /// <summary>Its records were deleted because their time was over.</summary>
    Expired,
}

/// <summary>
/// One entry of the ledger, which counts all chains of the deployment: a chain itself, each entry with a code over itself and its
/// predecessor's code. Its rows sort newest first.
/// </summary>
internal sealed record LedgerEntry(long Number, LedgerEvent Event, string Chain, long Count, byte[] Head, DateTimeOffset Time, string KeyVersion, byte[] Mac)
{
    public const string Partition = "ledger";

    private const long Last = 9_999_999_999;

    public static string RowKey(long number) => (Last - number).ToString("D10", CultureInfo.InvariantCulture);

    public static LedgerEntry Make(AuditKeys keys, LedgerEntry? previous, LedgerEvent what, string chain, long count, byte[] head, DateTimeOffset time)
    {
        var entry = new LedgerEntry((previous?.Number ?? 0) + 1, what, chain, count, head, time, keys.Version, []);
        return entry with { Mac = entry.CodeUnder(keys, previous) };
    }

    public static LedgerEntry? Read(TableEntity row) =>
        row["Number"] is long number && row["Event"] is string what && Enum.TryParse<LedgerEvent>(what, out var kind)
        && row["Chain"] is string chain && row[AuditRows.Count] is long count && row["Head"] is byte[] head && row["Time"] is DateTimeOffset time
        && row[AuditRows.KeyVersion] is string version && row[AuditRows.Mac] is byte[] mac && row.RowKey == RowKey(number)
            ? new(number, kind, chain, count, head, time, version, mac)
            : null;

    public TableEntity ToRow() => new(Partition, RowKey(Number))
    {
        ["Number"] = Number,
        ["Event"] = Event.ToString(),
        ["Chain"] = Chain,
        [AuditRows.Count] = Count,
        ["Head"] = Head,
        ["Time"] = Time,
        [AuditRows.KeyVersion] = KeyVersion,
        [AuditRows.Mac] = Mac,
    };

    /// <summary>Whether the code is authentic and follows on the predecessor.</summary>
    public bool Follows(AuditKeys keys, LedgerEntry? previous) =>
        Number == (previous?.Number ?? 0) + 1 && CryptographicOperations.FixedTimeEquals(Mac, CodeUnder(keys, previous));

    private byte[] CodeUnder(AuditKeys keys, LedgerEntry? previous) => AuditKeys.Seal(
        keys.Ledger,
        "ledger",
        Number.ToString(CultureInfo.InvariantCulture),
        Event.ToString(),
        Chain,
        Count.ToString(CultureInfo.InvariantCulture),
        Convert.ToHexStringLower(Head),
        Time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        KeyVersion,
        previous is null ? "" : Convert.ToHexStringLower(previous.Mac));
}
