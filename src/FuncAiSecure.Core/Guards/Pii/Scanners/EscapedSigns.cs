using System.Globalization;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Reads signs as URLs and JSON write them: %2B and \u002B are a plus, so that a key is as long as it was before it was put there.</summary>
internal static class EscapedSigns
{
    /// <summary>The sign at <paramref name="at"/> and its length in the text; 0 of length at the end.</summary>
    public static char Next(ReadOnlySpan<char> text, int at, out int length)
    {
        length = at < text.Length ? 1 : 0;
        if (length == 0 || text[at] is not ('%' or '\\'))
        {
            return length == 0 ? '\0' : text[at];
        }

        foreach (int escape in (ReadOnlySpan<int>)[2, 3, 6])
        {
            if (at + escape <= text.Length && TryRead(text.Slice(at, escape), out char sign))
            {
                length = escape;
                return sign;
            }
        }

        return text[at];
    }

    /// <summary>The sign that ends before <paramref name="at"/> and its length in the text; 0 of length at the start.</summary>
    public static char Previous(ReadOnlySpan<char> text, int at, out int length)
    {
        foreach (int escape in (ReadOnlySpan<int>)[3, 6, 2])
        {
            if (at >= escape && TryRead(text.Slice(at - escape, escape), out char sign))
            {
                length = escape;
                return sign;
            }
        }

        length = at > 0 ? 1 : 0;
        return at > 0 ? text[at - 1] : '\0';
    }

    private static bool TryRead(ReadOnlySpan<char> escape, out char sign)
    {
        sign = '\0';
        if (escape[0] == '\\' && escape.Length == 2)
        {
            sign = escape[1] is 'n' or 'r' or 't' ? '\n' : escape[1] is '/' or '"' ? escape[1] : '\0';
            return sign != '\0';
        }

        int prefix = escape[0] == '%' && escape.Length == 3 ? 1 : escape[0] == '\\' && escape[1] == 'u' && escape.Length == 6 ? 2 : 0;
        if (prefix == 0 || !ushort.TryParse(escape[prefix..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
        {
            return false;
        }

        sign = (char)value;
        return true;
    }
}
