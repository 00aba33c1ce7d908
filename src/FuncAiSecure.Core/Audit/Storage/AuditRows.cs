using System.Buffers;
using System.Globalization;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>
/// How chains lie in the table: a partition a chain, a row for a run of records under the first one's place, and the head's row,
/// which sorts after all records. A row a record would cost a storage operation a request; the service counts those.
/// </summary>
internal static class AuditRows
{
    public const string HeadRow = "head";

    /// <summary>The records as JSON Lines in UTF-8, packed (<see cref="PackedLines"/>); what a property cannot hold goes on in Records1, Records2 and so on.</summary>
    public const string Records = "Records";

    /// <summary>Their codes, one after the other.</summary>
    public const string Macs = "Macs";

    /// <summary>Records of a row at most: where a record's row begins is never further back.</summary>
    public const int MaxRecords = 1024;

    public const string Mac = "Mac";
    public const string Count = "Count";
    public const string Seal = "Seal";
    public const string KeyVersion = "KeyVersion";

    // A property holds 64 KiB, and a row a mebibyte, more than records and codes come to. The client makes each property a base64 text
    // of two bytes a character: parts of this size stay below what the runtime keeps among its large objects.
    private const int MaxPropertyBytes = 30_000;

    public static string RowKey(long sequence) => sequence.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>
    /// Rows for consecutive records, each as full as it goes. Where a row ends follows from its records alone, so that records sent
    /// again, alone or with later ones, replace their own rows.
    /// </summary>
    public static IEnumerable<TableEntity> OfRecords(string chain, IReadOnlyList<Frame> frames)
    {
        for (var start = 0; start < frames.Count;)
        {
            var (end, bytes) = (start, 0);
            while (end < frames.Count && end - start < MaxRecords && (end == start || bytes + frames[end].Body.Length <= PackedLines.MaxBytes))
            {
                bytes += frames[end++].Body.Length + 1;
            }

            yield return OfRun(chain, frames, start, end, bytes);
            start = end;
        }
    }

    /// <summary>The property of a part of the packed records.</summary>
    public static string RecordsPart(int index) => index == 0 ? Records : string.Create(CultureInfo.InvariantCulture, $"{Records}{index}");

    /// <summary>How many records a row made here holds.</summary>
    public static int CountOf(TableEntity row) => row.GetBinary(Macs)!.Length / AuditKeys.MacLength;

    public static TableEntity OfHead(AuditChain chain, long count, byte[] mac) => new(chain.Id, HeadRow)
    {
        [Count] = count,
        [Mac] = mac,
        [KeyVersion] = chain.KeyVersion,
        [Seal] = SealOf(chain.Keys, chain.Id, count, mac),
    };

    public static byte[] SealOf(AuditKeys keys, string chain, long count, ReadOnlySpan<byte> mac) =>
        AuditKeys.Seal(keys.Ledger, "head", chain, count.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(mac), keys.Version);

    private static TableEntity OfRun(string chain, IReadOnlyList<Frame> frames, int start, int end, int bytes)
    {
        var lines = ArrayPool<byte>.Shared.Rent(bytes);
        var at = 0;
        var macs = new byte[(end - start) * AuditKeys.MacLength];
        for (var i = start; i < end; i++)
        {
            if (i > start)
            {
                lines[at++] = (byte)'\n';
            }

            frames[i].Body.CopyTo(lines.AsSpan(at));
            at += frames[i].Body.Length;
            frames[i].Mac.CopyTo(macs.AsSpan((i - start) * AuditKeys.MacLength));
        }

        var row = new TableEntity(chain, RowKey(frames[start].Sequence)) { [Macs] = macs };
        var packed = PackedLines.Pack(lines.AsSpan(0, at));
        for (var (part, from) = (0, 0); from < packed.Length; part++, from += MaxPropertyBytes)
        {
            row[RecordsPart(part)] = packed[from..Math.Min(from + MaxPropertyBytes, packed.Length)];
        }

        ArrayPool<byte>.Shared.Return(lines);
        return row;
    }
}
