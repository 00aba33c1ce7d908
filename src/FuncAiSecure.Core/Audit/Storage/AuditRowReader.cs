using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>Reads stored rows without trusting them: whatever does not have its shape is null.</summary>
internal static class AuditRowReader
{
    /// <summary>The place of the first record, the records in their order, and the code of each.</summary>
    public static (long First, ReadOnlyMemory<byte>[] Records, byte[] Macs)? ReadRecords(TableEntity row) =>
        row.RowKey.Length == 10 && long.TryParse(row.RowKey, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && row[AuditRows.Macs] is byte[] macs && PackedLines.Unpack(Packed(row)) is { } lines
        && Split(lines) is { Length: <= AuditRows.MaxRecords } records && macs.Length == records.Length * AuditKeys.MacLength
            ? (first, records, macs)
            : null;

    /// <summary>The head, if its seal is authentic.</summary>
    public static (long Count, byte[] Mac)? ReadHead(TableEntity row, AuditKeys keys) =>
        row[AuditRows.Count] is long count && row[AuditRows.Mac] is byte[] mac && row[AuditRows.Seal] is byte[] seal
        && row[AuditRows.KeyVersion] is string version && version == keys.Version
        && CryptographicOperations.FixedTimeEquals(seal, AuditRows.SealOf(keys, row.PartitionKey, count, mac))
            ? (count, mac)
            : null;

    /// <summary>When a record was accepted; the beginning of time where it does not say.</summary>
    public static DateTimeOffset TimeOf(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        return reader.Read() && reader.Read() && reader.ValueTextEquals("time"u8) && reader.Read() && reader.TryGetDateTimeOffset(out var time)
            ? time
            : DateTimeOffset.MinValue;
    }

    private static byte[] Packed(TableEntity row)
    {
        var parts = new List<byte>();
        for (var index = 0; row[AuditRows.RecordsPart(index)] is byte[] part; index++)
        {
            parts.AddRange(part);
        }

        return [.. parts];
    }

    private static ReadOnlyMemory<byte>[] Split(byte[] lines)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        foreach (var range in lines.AsSpan().Split((byte)'\n'))
        {
            records.Add(lines.AsMemory()[range]);
        }

        return [.. records];
    }
}
