using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// A token in JWS compact form (RFC 7515, section 7.1), its three parts decoded into the caller's buffer. Base64url has one spelling
/// here: no padding, no spaces, no bits left over (RFC 4648, section 3.5).
/// </summary>
internal readonly ref struct CompactToken
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>What is signed: header and payload as they were sent, with the dot between.</summary>
    public ReadOnlySpan<byte> Signed { get; private init; }

    /// <summary>The header, JSON in UTF-8.</summary>
    public ReadOnlySpan<byte> Header { get; private init; }

    /// <summary>The payload, JSON in UTF-8.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>The signature.</summary>
    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>Three parts of base64url's letters, none empty: neither encrypted nor unsigned tokens have this form.</summary>
    public static bool HasForm(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Letters))
        {
            return false;
        }

        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        return first > 0 && last > first + 1 && last < text.Length - 1 && !text[(first + 1)..last].Contains('.');
    }

    /// <summary>The size of the buffer that a token needs.</summary>
    public static int BufferFor(ReadOnlySpan<char> text) => 2 * text.Length;

    /// <summary>Takes a token apart; false if a part is not base64url.</summary>
    /// <param name="text">A text that <see cref="HasForm"/>.</param>
    /// <param name="buffer">At least <see cref="BufferFor"/> bytes; the caller clears them.</param>
    /// <param name="token">The parts, in the buffer.</param>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> buffer, out CompactToken token)
    {
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        var signed = buffer[..Encoding.ASCII.GetBytes(text[..last], buffer)];
        buffer = buffer[signed.Length..];
        token = default;
        if (!TryDecode(text[..first], ref buffer, out var header)
            || !TryDecode(text[(first + 1)..last], ref buffer, out var payload)
            || !TryDecode(text[(last + 1)..], ref buffer, out var signature))
        {
            return false;
        }

        token = new CompactToken { Signed = signed, Header = header, Payload = payload, Signature = signature };
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<char> part, scoped ref Span<byte> buffer, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (Base64Url.DecodeFromChars(part, buffer, out var read, out var written) != OperationStatus.Done || read < part.Length || HasBitsLeft(part))
        {
            return false;
        }

        decoded = buffer[..written];
        buffer = buffer[written..];
        return true;
    }

    // The last digit of an incomplete group of four has two or four bits that no byte takes.
    private static bool HasBitsLeft(ReadOnlySpan<char> part) => (part.Length % 4) switch
    {
        2 => (ValueOf(part[^1]) & 0b1111) != 0,
        3 => (ValueOf(part[^1]) & 0b11) != 0,
        _ => false,
    };

    private static int ValueOf(char digit) => digit switch
    {
        >= 'A' and <= 'Z' => digit - 'A',
        >= 'a' and <= 'z' => digit - 'a' + 26,
        >= '0' and <= '9' => digit - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
