using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Names;

/// <summary>
/// A principal's key and name under the audit secret: tag (16 bytes), nonce (12), code (16), ciphertext. AES-256-GCM with tag and
/// chain as associated data. The tag is the same for every chain under one secret, so that all names of a principal are found.
/// </summary>
internal static class SealedName
{
    public const int KeyLength = 32;

    private const int TagLength = 16;
    private const int NonceLength = 12;
    private const int CodeLength = 16;
    private const int TextAt = TagLength + NonceLength + CodeLength;

    /// <summary>What is shorter is no sealed name: key and one letter at least.</summary>
    public const int MinLength = TextAt + KeyLength + 1;

    public static string Tag(AuditKeys keys, string principal) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(keys.Tag, Encoding.UTF8.GetBytes(principal)).AsSpan(0, TagLength));

    public static string TagOf(ReadOnlySpan<byte> name) => Convert.ToHexStringLower(name[..TagLength]);

    public static string Distinguisher(ReadOnlySpan<byte> name) => Convert.ToHexStringLower(name.Slice(TagLength, 4));

    public static string Pseudonym(ReadOnlySpan<byte> key, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    public static byte[] Seal(AuditKeys keys, string chain, ReadOnlySpan<byte> key, string principal)
    {
        var text = Encoding.UTF8.GetBytes(principal);
        var name = new byte[TextAt + KeyLength + text.Length];
        Convert.FromHexString(Tag(keys, principal), name, out _, out _);
        RandomNumberGenerator.Fill(name.AsSpan(TagLength, NonceLength));
        byte[] plain = [.. key, .. text];
        using var aes = new AesGcm(keys.Names, CodeLength);
        aes.Encrypt(
            name.AsSpan(TagLength, NonceLength), plain, name.AsSpan(TextAt), name.AsSpan(TagLength + NonceLength, CodeLength), Associated(name, chain));
        CryptographicOperations.ZeroMemory(plain);
        return name;
    }

    /// <summary>The principal and its pseudonym; null where the name was changed or belongs to another chain or secret.</summary>
    public static (string Principal, string Pseudonym)? Open(AuditKeys keys, string chain, ReadOnlySpan<byte> name)
    {
        if (name.Length < MinLength)
        {
            return null;
        }

        var plain = new byte[name.Length - TextAt];
        try
        {
            using var aes = new AesGcm(keys.Names, CodeLength);
            aes.Decrypt(
                name.Slice(TagLength, NonceLength), name[TextAt..], name.Slice(TagLength + NonceLength, CodeLength), plain, Associated(name, chain));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var principal = Encoding.UTF8.GetString(plain.AsSpan(KeyLength));
        return (principal, Pseudonym(plain.AsSpan(0, KeyLength), principal));
    }

    private static byte[] Associated(ReadOnlySpan<byte> name, string chain) => [.. name[..TagLength], .. Encoding.UTF8.GetBytes(chain)];
}
