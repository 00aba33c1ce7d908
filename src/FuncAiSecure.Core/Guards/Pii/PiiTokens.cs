using System.Buffers;
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
    private static readonly int LongestName = PiiKinds.All.Max(kind => PiiKinds.NameOf(kind).Length);
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

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

    /// <summary>Whether a text has what may be a token.</summary>
    public static bool MayStandIn(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <summary>The text with every token of this deployment turned back; the same instance where there is none. Linear in the text.</summary>
    public static string Restore(GuardKeys keys, string text)
    {
        StringBuilder? restored = null;
        int done = 0;
        foreach ((int start, int end, string value) in In(keys, text))
        {
            _ = (restored ??= new StringBuilder(text.Length)).Append(text.AsSpan(done, start - done)).Append(value);
            done = end;
        }

        return restored is null ? text : restored.Append(text.AsSpan(done)).ToString();
    }

    /// <summary>This deployment's tokens in a text, in order: where they begin, where they end, what they stand for.</summary>
    public static IEnumerable<(int Start, int End, string Value)> In(GuardKeys keys, string text)
    {
        int done = 0;
        for (int mark = text.IndexOf(Mark, StringComparison.Ordinal); mark >= 0; mark = text.IndexOf(Mark, mark + Mark.Length, StringComparison.Ordinal))
        {
            int from = Math.Max(done, mark - LongestName - 1), open = from + text.AsSpan(from, mark - from).LastIndexOf('[');
            int begin = mark + Mark.Length, signs = text.AsSpan(begin).IndexOfAnyExcept(Alphabet);
            if (open >= from && signs > 0 && text[begin + signs] == ']' && Open(keys, text.AsSpan(open + 1, mark - open - 1), text.AsSpan(begin, signs)) is { } value)
            {
                done = begin + signs + 1;
                yield return (open, done, value);
            }
        }
    }

    private static string? Open(GuardKeys keys, ReadOnlySpan<char> name, ReadOnlySpan<char> encoded)
    {
        byte[] sealedValue = new byte[Base64Url.GetMaxDecodedLength(encoded.Length)];
        if (!PiiKinds.TryParse(name, out PiiKind kind) || !Base64Url.IsValid(encoded) || !Base64Url.TryDecodeFromChars(encoded, sealedValue, out int length)
            || length < NonceLength + TagLength || !encoded.SequenceEqual(Base64Url.EncodeToString(sealedValue.AsSpan(0, length))))
        {
            return null;
        }

        byte[] plain = new byte[length - NonceLength - TagLength];
        try
        {
            using AesGcm aes = new(keys.Tokens, TagLength);
            aes.Decrypt(sealedValue.AsSpan(0, NonceLength), sealedValue.AsSpan(NonceLength, plain.Length), sealedValue.AsSpan(length - TagLength, TagLength), plain, Associated(kind));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Associated(PiiKind kind) => Encoding.ASCII.GetBytes("t1." + PiiKinds.NameOf(kind));
}
