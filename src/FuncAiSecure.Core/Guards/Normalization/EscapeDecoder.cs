using System.Globalization;
using System.Net;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes escapes that stand between ordinary chars.</summary>
internal static class EscapeDecoder
{
    /// <summary>%69 as UTF-8 bytes; anything else stays.</summary>
    public static string Percent(ReadOnlySpan<char> text) => WebUtility.UrlDecode(text.ToString().Replace("+", "%2B", StringComparison.Ordinal));

    /// <summary>&amp;#105; &amp;#x69; &amp;amp; and their like.</summary>
    public static string Entities(ReadOnlySpan<char> text) => WebUtility.HtmlDecode(text.ToString());

    /// <summary>\u0069 \U00000069 \u{69} \x69; anything else stays.</summary>
    public static string Backslashes(ReadOnlySpan<char> text)
    {
        StringBuilder decoded = new(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int used = text[at] == '\\' ? Escape(text[at..], out int code) : NoEscape(out code);
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

    private static int NoEscape(out int code)
    {
        code = 0;
        return 0;
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

        int digits = text[1] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        return digits > 0 && text.Length >= 2 + digits && TryHex(text.Slice(2, digits), out code) ? 2 + digits : 0;
    }

    private static bool TryHex(ReadOnlySpan<char> digits, out int code) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
}
