using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>Keys for one purpose each, derived from one version of the audit secret by HKDF-SHA256 (RFC 5869).</summary>
internal sealed class AuditKeys(AuditSecret secret)
{
    public const int MacLength = 32;

    public string Version => secret.Version;

    public byte[] Ledger { get; } = Derive(secret, "ledger");

    public KeyedHash Digest { get; } = new(Derive(secret, "input digest"));

    public byte[] Tag { get; } = Derive(secret, "principal tag");

    public byte[] Names { get; } = Derive(secret, "names");

    public byte[] ChainOf(string chain) => Derive(secret, "chain " + chain);

    /// <summary>The code of a record over its predecessor's code, its place and its bytes.</summary>
    public static void LinkMac(KeyedHash chain, ReadOnlySpan<byte> previous, long sequence, ReadOnlySpan<byte> body, Span<byte> mac)
    {
        Span<byte> place = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, sequence);
        chain.Compute(previous, place, body, mac);
    }

    /// <summary>What stands before the first record.</summary>
    public static byte[] Genesis(ReadOnlySpan<byte> chainKey) => HMACSHA256.HashData(chainKey, "genesis"u8);

    /// <summary>A code over parts, each with its length, so that no two lists of parts give the same bytes.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length).Append(':').Append(part).Append(';');
        }

        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static byte[] Derive(AuditSecret secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Key.ToArray(), MacLength, info: Encoding.UTF8.GetBytes("FuncAiSecure audit 1 " + purpose));
}
