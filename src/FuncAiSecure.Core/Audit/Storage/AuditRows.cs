using System.Globalization;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>How chains lie in the table: a partition a chain, a row a record, and the head's row, which sorts after all records.</summary>
internal static class AuditRows
{
    public const string HeadRow = "head";
    public const string Record = "Record";
    public const string Mac = "Mac";
    public const string Count = "Count";
    public const string Seal = "Seal";
    public const string KeyVersion = "KeyVersion";

    public static string RowKey(long sequence) => sequence.ToString("D10", CultureInfo.InvariantCulture);

    public static TableEntity OfRecord(string chain, Frame frame) => new(chain, RowKey(frame.Sequence))
    {
        [Record] = System.Text.Encoding.UTF8.GetString(frame.Body),
        [Mac] = frame.Mac.ToArray(),
    };

    public static TableEntity OfHead(AuditChain chain, long count, byte[] mac) => new(chain.Id, HeadRow)
    {
        [Count] = count,
        [Mac] = mac,
        [KeyVersion] = chain.KeyVersion,
        [Seal] = SealOf(chain.Keys, chain.Id, count, mac),
    };

    public static byte[] SealOf(AuditKeys keys, string chain, long count, ReadOnlySpan<byte> mac) =>
        AuditKeys.Seal(keys.Ledger, "head", chain, count.ToString(CultureInfo.InvariantCulture), Convert.ToHexStringLower(mac), keys.Version);
}
