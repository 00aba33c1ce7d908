namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Extensions behind a phone number: x45, x 45, ext. 45, Ext: 45, poste 45, #45.</summary>
internal static class PhoneExtensions
{
    private const int MostDigits = 6;

    private static readonly string[] Marks =
        ["extension", "extn", "ext", "extensión", "poste", "durchwahl", "dw", "klappe", "interno", "int", "anexo", "ramal", "toestel", "tst", "anknytning", "wew", "linka",
         "доб", "x"];

    /// <summary>The end of the extension that follows a number's end at <paramref name="end"/>, or that end.</summary>
    public static int End(ReadOnlySpan<char> text, int end)
    {
        int at = end;
        while (at < text.Length && at - end < 2 && text[at] is ' ' or ',')
        {
            at++;
        }

        if (at >= text.Length || !(char.IsLetter(text[at]) || (text[at] == '#' && at > end)))
        {
            return end;
        }

        ReadOnlySpan<char> rest = text[at..];
        if (rest[0] == '#')
        {
            // A single digit would often be a rank.
            return Digits(rest, 1) is > 1 and int few ? at + 1 + few : end;
        }

        foreach (string mark in Marks)
        {
            if (rest.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                int next = mark.Length;
                next += next < rest.Length && rest[next] is '.' or ':' ? 1 : 0;
                next += next < rest.Length && rest[next] == ' ' ? 1 : 0;
                // x2 says how often somebody called.
                if (Digits(rest, next) is var digits && digits > (mark.Length > 1 ? 0 : 1))
                {
                    return at + next + digits;
                }
            }
        }

        return end;
    }

    /// <summary>How many digits stand at <paramref name="from"/>; 0 where they are too many or a word goes on.</summary>
    private static int Digits(ReadOnlySpan<char> text, int from)
    {
        int digits = 0;
        while (from + digits < text.Length && digits <= MostDigits && char.IsAsciiDigit(text[from + digits]))
        {
            digits++;
        }

        return digits <= MostDigits && !PiiScanner.RunsOn(text, from + digits) ? digits : 0;
    }
}
