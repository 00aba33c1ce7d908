using FuncAiSecure.Core.Guards.Pii.Scanners;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>
/// Finds all kinds in one pass: at the start of each word or number the scanners that its first signs allow. Every scanner looks
/// a bounded number of signs ahead and back, so the whole is linear in the length.
/// </summary>
internal static class PiiScanner
{
    /// <summary>Puts every find into <paramref name="sink"/>, ordered, without overlaps.</summary>
    public static void Scan(ReadOnlySpan<char> text, PiiSink sink)
    {
        int azure = AzureScanner.Next(text, 0);
        for (int at = 0; at < text.Length;)
        {
            azure = Azure(text, azure, at, sink);
            char c = text[at];
            if (char.IsLetterOrDigit(c))
            {
                at = Math.Max(Word(text, at, sink), at + 1);
                continue;
            }

            switch (c)
            {
                case '@':
                    EmailScanner.At(text, at, sink);
                    break;
                case '~':
                    AzureScanner.ClientSecret(text, at, sink);
                    break;
                case '+' or '(' when at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] is '+' or '('):
                    // What is no number of its own with its bracket may still be an address or an identity number without it.
                    at = Math.Max(NumberScanner.At(text, at, sink), at + 1);
                    continue;
                case '-' when text[at..].StartsWith("-----B", StringComparison.Ordinal):
                    at = Math.Max(sink.After(SecretScanner.Pem(text, at, sink)), at + 1);
                    continue;
                case ':' when at + 2 < text.Length && text[at + 1] == ':' && char.IsAsciiHexDigit(text[at + 2]) && (at == 0 || !IsOfName(text[at - 1])):
                    at = Math.Max(sink.After(IpScanner.V6OrMac(text, at, sink)), at + 2);
                    continue;
                default:
                    break;
            }

            at++;
        }

        Azure(text, azure, text.Length, sink);
    }

    /// <summary>Takes Azure's secrets up to <paramref name="at"/>, in step with the words: finds come in about the order of the text. Returns the next place.</summary>
    private static int Azure(ReadOnlySpan<char> text, int next, int at, PiiSink sink)
    {
        while (next < text.Length && next <= at)
        {
            AzureScanner.At(text, next, sink);
            next = AzureScanner.Next(text, next + 1);
        }

        return next;
    }

    /// <summary>Looks at the word at <paramref name="at"/>; returns where to go on.</summary>
    private static int Word(ReadOnlySpan<char> text, int at, PiiSink sink)
    {
        if (at > 0 && Escape(text, at) is > 0 and int escape)
        {
            return at + escape;
        }

        int end = at, digits = 0;
        while (end < text.Length && char.IsLetterOrDigit(text[end]) && !(end > at && IsUnspaced(text[end - 1]) != IsUnspaced(text[end])))
        {
            digits += char.IsAsciiDigit(text[end]) ? 1 : 0;
            end++;
        }

        bool numeric = digits > 0 && char.IsAsciiDigit(text[at]);
        char after = end < text.Length ? text[end] : '\0';

        // A part of a name such as a_12; digits enough for a card are looked at even there.
        if (at > 1 && text[at - 1] == '_' && char.IsLetterOrDigit(text[at - 2]) && !(digits == end - at && digits >= 13))
        {
            int key = digits > 0 || after is '_' or '-' or '.' ? sink.After(SecretScanner.BehindName(text, at, sink)) : 0;
            key = key == 0 && digits > 0 && !numeric ? sink.After(IbanScanner.At(text, at, sink)) : key;
            return Math.Max(key, end);
        }

        int found = 0;
        if (after is ':' or '.')
        {
            found = sink.After(UrlScanner.At(text, at, end, sink));
        }

        if (found == 0 && after == ':' && end - at <= 4)
        {
            found = sink.After(IpScanner.V6OrMac(text, at, sink));
        }

        if (found == 0 && ((after == '-' && end - at == 2) || (after == '.' && end - at == 4)) && char.IsAsciiHexDigit(text[at]))
        {
            found = sink.After(IpScanner.PartedMac(text, at, end, sink));
        }

        if (found == 0 && (digits > 0 || after is '_' or '-' or '.'))
        {
            found = sink.After(SecretScanner.At(text, at, end, sink));
        }

        found = found > 0 || digits == 0 ? found : Identity(text, at, end, numeric, sink);
        if (found > 0)
        {
            return found;
        }

        if (digits == 0 && end - at is >= 2 and <= 11)
        {
            IbanScanner.Bic(text, at, end, sink);
            DateScanner.Named(text, at, end, sink);
            int nino = end - at == 2 && after == ' ' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]) ? NationalIds.At(text, at, sink) : 0;
            return Math.Max(nino, end);
        }

        // X-1234567-L begins with a word without a digit.
        if (end - at == 1 && after == '-' && !numeric)
        {
            return Math.Max(sink.After(NationalIds.At(text, at, sink)), end);
        }

        return Numeric(text, at, end, numeric, sink);
    }

    private static int Identity(ReadOnlySpan<char> text, int at, int end, bool numeric, PiiSink sink)
    {
        int found = numeric && !Fraction(text, at, end) ? sink.After(IpScanner.V4(text, at, sink)) : 0;
        if (found == 0 && !numeric)
        {
            found = sink.After(IbanScanner.At(text, at, sink));
        }

        if (found == 0)
        {
            found = sink.After(NationalIds.At(text, at, sink));
        }

        return found > 0 ? found : sink.After(DocumentScanner.At(text, at, end, sink));
    }

    /// <summary>A number that letters follow directly can still be a phone number with an extension ("555-0123x45").</summary>
    private static int Numeric(ReadOnlySpan<char> text, int at, int end, bool numeric, PiiSink sink)
    {
        if (!numeric)
        {
            IbanScanner.Bic(text, at, end, sink);
            return end;
        }

        if (end < text.Length && text[end] is '年' or '년' && sink.After(DateScanner.EastAsian(text, at, end, sink)) is > 0 and int date)
        {
            return date;
        }

        return Math.Max(Fraction(text, at, end) ? NumberScanner.BehindSign(text, at, end, sink) : NumberScanner.At(text, at, sink), end);
    }

    /// <summary>The signs of an escape behind the \ or % before <paramref name="at"/> that stand for no letter or digit: \n, \u0020, %20. What follows begins anew.</summary>
    private static int Escape(ReadOnlySpan<char> text, int at) =>
        EscapedSigns.Next(text, at - 1, out int length) is < '\x80' and var sign && length > 1 && !char.IsAsciiLetterOrDigit(sign) ? length - 1 : 0;

    /// <summary>Ideographs, kana, hangul, Thai and its neighbours: scripts in which no blank parts a word from a number.</summary>
    internal static bool IsUnspaced(char c) => c is >= '\u2E80' or (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF');

    /// <summary>Whether a letter or digit at <paramref name="end"/> makes what ends there a part of something longer.</summary>
    internal static bool RunsOn(ReadOnlySpan<char> text, int end) => end < text.Length && char.IsLetterOrDigit(text[end]) && !IsUnspaced(text[end]);

    // Of a name in a program: std::deque.
    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '_' or '>' or ':';

    /// <summary>Digits after a decimal sign are no number of their own; after a comma only one to three that nothing follows, since lists have commas too.</summary>
    private static bool Fraction(ReadOnlySpan<char> text, int at, int end) =>
        at > 1 && char.IsAsciiDigit(text[at - 2])
        && (text[at - 1] == '.' || (text[at - 1] == ',' && end - at <= 3 && !(end + 1 < text.Length && text[end] is '-' or '.' or '/' && char.IsAsciiDigit(text[end + 1]))));
}
