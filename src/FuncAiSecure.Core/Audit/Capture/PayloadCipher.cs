using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Audit.Capture;

/// <summary>
/// AES-256-GCM with a data key for each payload, itself under AES-256-GCM with the wrapping key. Both bind the payload's place, so
/// that no payload can be passed off as another's.
/// </summary>
internal static class PayloadCipher
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int CodeLength = 16;

    public static (byte[] WrappedKey, byte[] Payload) Encrypt(AuditSecret wrapping, string place, ReadOnlySpan<byte> payload)
    {
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        try
        {
            var associated = Encoding.UTF8.GetBytes(place);
            return (Seal(WrappingKey(wrapping), key, associated), Seal(key, payload, associated));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The payload; null where anything of it was changed or the key is another.</summary>
    public static byte[]? Decrypt(AuditSecret wrapping, string place, ReadOnlySpan<byte> wrappedKey, ReadOnlySpan<byte> payload)
    {
        var associated = Encoding.UTF8.GetBytes(place);
        return Open(WrappingKey(wrapping), wrappedKey, associated) is { } key ? Open(key, payload, associated) : null;
    }

    private static byte[] WrappingKey(AuditSecret secret) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Key.ToArray(), KeyLength, info: "FuncAiSecure payload wrapping 1"u8.ToArray());

    private static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var sealedBytes = new byte[NonceLength + CodeLength + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, CodeLength);
        aes.Encrypt(
            sealedBytes.AsSpan(0, NonceLength), plain, sealedBytes.AsSpan(NonceLength + CodeLength), sealedBytes.AsSpan(NonceLength, CodeLength), associated);
        return sealedBytes;
    }

    private static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        if (sealedBytes.Length < NonceLength + CodeLength)
        {
            return null;
        }

        var plain = new byte[sealedBytes.Length - NonceLength - CodeLength];
        try
        {
            using var aes = new AesGcm(key, CodeLength);
            aes.Decrypt(sealedBytes[..NonceLength], sealedBytes[(NonceLength + CodeLength)..], sealedBytes.Slice(NonceLength, CodeLength), plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
