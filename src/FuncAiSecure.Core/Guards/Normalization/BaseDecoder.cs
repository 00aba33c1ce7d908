using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes one run of chars as base64, base64url, base32 or hex, whatever yields UTF-8.</summary>
internal static class BaseDecoder
{
    /// <summary>Shorter runs are words.</summary>
    public const int LeastLength = 12;

    private const int MostLength = 16_384;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The decoded text of a run, if it is one.</summary>
    public static bool TryDecode(ReadOnlySpan<char> run, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (run.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            run = run[2..];
        }

        run = run.TrimEnd('.').TrimEnd('=');
        if (run.Length is < LeastLength or > MostLength || !LooksEncoded(run, out bool hex, out bool base32))
        {
            return false;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(run.Length + 4);
        try
        {
            return (hex && run.Length % 8 == 0 && run.Length >= 32 && Bits(run, rented) is { } bits && ToText(bits, out text))
                || (hex && run.Length % 2 == 0 && Hex(run, rented) is { } a && ToText(a, out text))
                || (base32 && Base32(run, rented) is { } b && ToText(b, out text))
                || (Base64(run, rented) is { } c && ToText(c, out text));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>A run of one case without a digit is a word, or words joined by hyphens.</summary>
    private static bool LooksEncoded(ReadOnlySpan<char> run, out bool hex, out bool base32)
    {
        int upper = 0, lower = 0, digits = 0, hexes = 0, thirtyTwo = 0;
        foreach (char c in run)
        {
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            hexes += char.IsAsciiHexDigit(c) ? 1 : 0;
            thirtyTwo += c is >= 'A' and <= 'Z' or >= '2' and <= '7' ? 1 : 0;
            if (c is '.' or '\\' or '=')
            {
                hex = base32 = false;
                return false;
            }
        }

        hex = hexes == run.Length && digits > 0;
        base32 = thirtyTwo == run.Length && run.Length >= 16;
        return hex || base32 || (upper > 1 && lower > 1);
    }

    /// <summary>Octets written as zeros and ones.</summary>
    private static ReadOnlyMemory<byte>? Bits(ReadOnlySpan<char> run, byte[] buffer)
    {
        if (run.ContainsAnyExcept('0', '1'))
        {
            return null;
        }

        for (int i = 0; i < run.Length; i++)
        {
            buffer[i / 8] = (byte)((buffer[i / 8] << 1) | (run[i] - '0'));
        }

        return buffer.AsMemory(0, run.Length / 8);
    }

    private static ReadOnlyMemory<byte>? Hex(ReadOnlySpan<char> run, byte[] buffer) =>
        Convert.FromHexString(run, buffer, out _, out int written) is OperationStatus.Done ? buffer.AsMemory(0, written) : null;

    private static ReadOnlyMemory<byte>? Base64(ReadOnlySpan<char> run, byte[] buffer)
    {
        // One pass makes base64url of either alphabet; an incomplete last group is cut.
        if (run.Length % 4 == 1)
        {
            run = run[..^1];
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(run.Length);
        try
        {
            for (int i = 0; i < run.Length; i++)
            {
                rented[i] = (byte)(run[i] switch { '+' => '-', '/' => '_', char c => c });
            }

            return Base64Url.DecodeFromUtf8(rented.AsSpan(0, run.Length), buffer, out _, out int written) is OperationStatus.Done
                ? buffer.AsMemory(0, written)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static ReadOnlyMemory<byte>? Base32(ReadOnlySpan<char> run, byte[] buffer)
    {
        int bits = 0, have = 0, written = 0;
        foreach (char c in run)
        {
            bits = ((bits << 5) | (c >= 'A' ? c - 'A' : c - '2' + 26)) & 0xFFFF;
            have += 5;
            if (have >= 8)
            {
                have -= 8;
                buffer[written++] = (byte)(bits >> have);
            }
        }

        return buffer.AsMemory(0, written);
    }

    /// <summary>The text that bytes are in UTF-8, up to three cut bytes at their end aside, or in UTF-16 of either order.</summary>
    public static bool ToText(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        text = null;
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length >= 8 && span.Count((byte)0) * 3 > span.Length)
        {
            text = (span[0] == 0 ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(span);
            return Readable(Strict.GetBytes(text.Replace('\uFFFD', '\0')));
        }

        for (int cut = 0; cut < 4 && span.Length > 3; cut++, span = span[..^1])
        {
            if (System.Text.Unicode.Utf8.IsValid(span))
            {
                text = Strict.GetString(span);
                return Readable(span);
            }
        }

        return false;
    }

    private static bool Readable(ReadOnlySpan<byte> bytes)
    {
        int controls = 0;
        foreach (byte b in bytes)
        {
            controls += b < 0x20 && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t') ? 1 : 0;
        }

        return controls * 20 <= bytes.Length;
    }
}
