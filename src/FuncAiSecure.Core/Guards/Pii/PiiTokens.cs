using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>
/// Reversible tokens, <c>[EMAIL:t1.…]</c>: nonce, AES-256-GCM ciphertext and tag in base64url, the kind's name as associated data.
/// A token of another deployment, of another kind or with an altered sign stays in the text as it is, and nothing is said.
/// </summary>
internal static class PiiTokens
{
    private const string Mark = ":t1.";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int LongestToken = 8_192;

    /// <summary>The token of a value.</summary>
    public static string Protect(GuardKeys keys, PiiKind kind, ReadOnlySpan<char> value)
    {
        byte[] plain = new byte[Encoding.UTF8.GetMaxByteCount(value.Length)];
        int length = Encoding.UTF8.GetBytes(value, plain);
        byte[] sealedValue = new byte[NonceLength + length + TagLength];
        RandomNumberGenerator.Fill(sealedValue.AsSpan(0, NonceLength));
        using AesGcm aes = new(keys.Tokens, TagLength);
        aes.Encrypt(
            sealedValue.AsSpan(0, NonceLength), plain.AsSpan(0, length), sealedValue.AsSpan(NonceLength, length), sealedValue.AsSpan(NonceLength + length),
            Associated(kind));
        CryptographicOperations.ZeroMemory(plain);
        return $"[{PiiKinds.NameOf(kind)}{Mark}{Base64Url.EncodeToString(sealedValue)}]";
    }

    /// <summary>The text with every token of this deployment turned back; the same instance where there is none.</summary>
    public static string Restore(GuardKeys keys, string text)
    {
        if (!text.Contains(Mark, StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder restored = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int open = text.IndexOf('[', at);
            if (open < 0)
            {
                _ = restored.Append(text.AsSpan(at));
                break;
            }

            _ = restored.Append(text.AsSpan(at, open - at));
            ReadOnlySpan<char> rest = text.AsSpan(open, Math.Min(text.Length - open, LongestToken));
            int close = rest.IndexOf(']');
            if (close > 0 && TryOpen(keys, rest[1..close], out string? value))
            {
                _ = restored.Append(value);
                at = open + close + 1;
            }
            else
            {
                _ = restored.Append('[');
                at = open + 1;
            }
        }

        return restored.ToString();
    }

    private static bool TryOpen(GuardKeys keys, ReadOnlySpan<char> body, out string? value)
    {
        value = null;
        int mark = body.IndexOf(Mark, StringComparison.Ordinal);
        if (mark <= 0 || !PiiKinds.TryParse(body[..mark], out PiiKind kind))
        {
            return false;
        }

        ReadOnlySpan<char> encoded = body[(mark + Mark.Length)..];
        byte[] sealedValue = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (!Base64Url.IsValid(encoded) || !Base64Url.TryDecodeFromChars(encoded, sealedValue, out int length) || length < NonceLength + TagLength
            || !encoded.SequenceEqual(Base64Url.EncodeToString(sealedValue.AsSpan(0, length))))
        {
            return false;
        }

        byte[] plain = new byte[length - NonceLength - TagLength];
        try
        {
            using AesGcm aes = new(keys.Tokens, TagLength);
            aes.Decrypt(sealedValue.AsSpan(0, NonceLength), sealedValue.AsSpan(NonceLength, plain.Length), sealedValue.AsSpan(length - TagLength, TagLength), plain, Associated(kind));
            value = Encoding.UTF8.GetString(plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static byte[] Associated(PiiKind kind) => Encoding.ASCII.GetBytes("t1." + PiiKinds.NameOf(kind));
}
