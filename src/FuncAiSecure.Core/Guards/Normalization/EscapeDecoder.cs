using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes escapes that stand between ordinary chars.</summary>
internal static class EscapeDecoder
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>Escapes within escapes that are opened at once: what lies between is no text, and would take the room of one.</summary>
    private const int Rounds = 3;

    /// <summary>%69 as UTF-8 bytes, %2569 too; anything else stays.</summary>
    public static string Percent(ReadOnlySpan<char> text)
    {
        string decoded = text.ToString();
        for (int round = 0; round < Rounds; round++)
        {
            string next = WebUtility.UrlDecode(decoded.Replace("+", "%2B", StringComparison.Ordinal));
            if (next.Length == decoded.Length)
            {
                break;
            }

            decoded = next;
        }

        return decoded;
    }

    /// <summary>=69 of quoted-printable (RFC 2045, 6.7) as UTF-8 bytes, without its soft line breaks; anything else stays.</summary>
    public static string QuotedPrintable(ReadOnlySpan<char> text) => Percent(text.ToString().Replace("%", "%25", StringComparison.Ordinal)
        .Replace("=\r\n", "", StringComparison.Ordinal).Replace("=\n", "", StringComparison.Ordinal).Replace('=', '%'));

    /// <summary>&amp;#105; &amp;#x69; &amp;amp; and their like.</summary>
    public static string Entities(ReadOnlySpan<char> text) => WebUtility.HtmlDecode(text.ToString());

    /// <summary>\u0069 \U00000069 \u{69} \x69 \151 U+0069; anything else stays, but for one blank between two of the last form.</summary>
    public static string CodePoints(ReadOnlySpan<char> text)
    {
        StringBuilder decoded = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int used = text[at] == '\\' ? Escape(text[at..], out int code) : Notation(text[at..], out code);
            if (used > 0 && Rune.IsValid(code))
            {
                _ = decoded.Append(new Rune(code).ToString());
                at += used;
                continue;
            }

            _ = decoded.Append(text[at++]);
        }

        return decoded.ToString();
    }

    /// <summary>U+0069, and the blank after it where another one follows.</summary>
    private static int Notation(ReadOnlySpan<char> text, out int code)
    {
        code = 0;
        if (!text.StartsWith("U+", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        int digits = text[2..Math.Min(text.Length, 8)].IndexOfAnyExcept(HexDigits);
        digits = digits < 0 ? Math.Min(text.Length, 8) - 2 : digits;
        if (digits < 4 || !TryHex(text.Slice(2, digits), out code))
        {
            return 0;
        }

        return 2 + digits + (text[(2 + digits)..].StartsWith(" U+", StringComparison.OrdinalIgnoreCase) ? 1 : 0);
    }

    private static int Escape(ReadOnlySpan<char> text, out int code)
    {
        code = 0;
        if (text.Length < 4)
        {
            return 0;
        }

        if (text[1] == 'u' && text[2] == '{')
        {
            int close = text[..Math.Min(text.Length, 11)].IndexOf('}');
            return close > 3 && TryHex(text[3..close], out code) ? close + 1 : 0;
        }

        if (text[1] is >= '0' and <= '3' && text[2] is >= '0' and <= '7' && text[3] is >= '0' and <= '7')
        {
            code = ((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0');
            return 4;
        }

        int digits = text[1] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        return digits > 0 && text.Length >= 2 + digits && TryHex(text.Slice(2, digits), out code) ? 2 + digits : 0;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out int code) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
}
