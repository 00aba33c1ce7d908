using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>The pepper as the vault keeps it: base64url of 32 random bytes.</summary>
internal static class PepperText
{
    /// <summary>A new random pepper.</summary>
    public static string Create()
    {
        Span<byte> key = stackalloc byte[Pepper.KeyLength];
        RandomNumberGenerator.Fill(key);
        var text = Base64Url.EncodeToString(key);
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    /// <summary>Reads one version; null if its value is not a pepper.</summary>
    public static Pepper? Parse(KeyVaultSecret secret)
    {
        Span<byte> key = stackalloc byte[Pepper.KeyLength];
        if (Base64Url.DecodeFromChars(secret.Value, key, out _, out var length) != OperationStatus.Done || length != Pepper.KeyLength)
        {
            return null;
        }

        var pepper = new Pepper(secret.Properties.Version, key, secret.Properties.ExpiresOn);
        CryptographicOperations.ZeroMemory(key);
        return pepper;
    }
}
