using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Whether a run of digit groups is a phone number: by an unmistakable form, or by its shape together with the words around it.</summary>
internal static class PhoneScanner
{
    private static readonly SearchValues<string> Context = Nearby.Words(
    [
        "phone", "tel", "call", "mobile", "cell", "fax", "contact", "reach", "dial", "ring", "sms", "text ", "texting", "whatsapp", "messages to", "hotline",
        "helpline", "registered", "signal", "handy", "rufnummer", "anruf", "telefon", "téléphone", "appel", "portable", "joindre", "teléfono", "móvil", "llam",
        "celular", "ligue", "ligar", "chiam", "cellulare", "bel ", "numéro", "телефон", "звон", "电话", "手机", "電話", "携帯", "هاتف", "फोन", "pager", "voicemail",
    ]);

    private static readonly SearchValues<string> Against = Nearby.Words(
    [
        "account", "acct", "card", "order", "ticket", "case", "invoice", "zip", "postcode", "version", "ref", "reference", "id", "isbn", "tracking", "serial",
        "licen", "passport", "konto", "$", "€", "£", "usd", "eur", "#", "№", "population", "year",
    ]);

    private static readonly string[] After = ["office", "fax", "mobile", "cell", "home", "work", "tel", "phone", "landline", "direct"];

    private static readonly string[] Streets =
        [" st", " street", " lane", " road", " rd", " ave", " avenue", " drive", " dr", " court", " blvd", " boulevard", " way", " place", " suite", " terrace", " circle"];

    // Without a plus or brackets.
    private const int MostGroups = 6;

    /// <summary>Judges the run from its first group; returns the number's end, or 0.</summary>
    public static int Judge(ReadOnlySpan<char> text, in NumberRun run, PiiSink sink)
    {
        bool? inContext = null;
        for (int groups = run.Plus || run.Bracket ? run.Groups : Math.Min(run.Groups, MostGroups); groups > 0; groups--)
        {
            int digits = run.Digits(groups), end = run.EndOf(groups - 1);
            if (digits < 6)
            {
                return 0;
            }

            int after = Extension(text, end);
            if (digits > 15 || (after == end && !NumberScanner.Ends(text, end)) || IsDate(run, groups) || IsAmount(text, run.Start, end))
            {
                continue;
            }

            Certainty? certainty = Form(text, run, groups, digits)
                ?? (Fits(run, groups, digits) && (Nearby.Follows(text, end, After) || (inContext ??= InContext(text, run.Start))) ? Certainty.Context : null);
            if (certainty is { } sure && (sure is Certainty.Proof || !IsAddress(text, end)))
            {
                sink.Add(run.Start, after - run.Start, PiiKind.Phone, sure);
                return after;
            }
        }

        return 0;
    }

    private static bool InContext(ReadOnlySpan<char> text, int at) =>
        Nearby.Precedes(text, at, Context, 44) && !Nearby.Precedes(text, at, Against, 14);

    /// <summary>Forms that need no context.</summary>
    private static Certainty? Form(ReadOnlySpan<char> text, in NumberRun run, int groups, int digits)
    {
        char first = text[run.StartOf(0)];
        bool nanp = IsNorthAmerican(text, run, groups);
        return run.Plus && digits >= 8 && (groups > 1 || digits >= 10) ? Certainty.Proof
            : nanp ? Certainty.Context
            : Continues(text, run.Start) ? null
            : first == '0' && digits is >= 9 and <= 15 && groups > 1 && groups <= 6 && LongEnough(run, groups) && run.Separator != '\0' && !IsSocialSecurity(run, groups) ? Certainty.Context
            : run.Bracket && run.LengthOf(0) is >= 2 and <= 5 && digits is >= 7 and <= 13 && groups > 1 && text[run.Start] == '(' ? Certainty.Context
            : EvenPairs(run, groups, digits) || IsSpanish(text, run, groups) ? Certainty.Shape
            : IsRussian(text, run, groups) || (first == '0' && run.AreaCode && run.LengthOf(1) >= 3 && digits is >= 9 and <= 12 && LongEnough(run, groups)) ? Certainty.Context
            : null;
    }

    /// <summary>1-212-555-0123 and its like: groups of 3, 3 and 4 digits, the first not below 200.</summary>
    private static bool IsNorthAmerican(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        int from = groups - 3;
        if (from is < 0 or > 1 || run.LengthOf(from) != 3 || run.LengthOf(from + 1) != 3 || run.LengthOf(from + 2) != 4)
        {
            return false;
        }

        ReadOnlySpan<char> country = from == 1 ? text.Slice(run.StartOf(0), run.LengthOf(0)) : "1";
        return text[run.StartOf(from)] >= '2' && (country.SequenceEqual("1") || country.SequenceEqual("001"));
    }

    /// <summary>Whether the run is the rest of a longer number that was not one.</summary>
    private static bool Continues(ReadOnlySpan<char> text, int at) => at > 1 && text[at - 1] is ' ' or '-' or '.' or '/' && char.IsAsciiDigit(text[at - 2]);

    private static bool IsSocialSecurity(in NumberRun run, int groups) =>
        groups == 3 && run.LengthOf(0) == 3 && run.LengthOf(1) == 2 && run.LengthOf(2) == 4;

    /// <summary>50-98-28-96, 01.84.17.61.18: pairs, four or five of them.</summary>
    private static bool EvenPairs(in NumberRun run, int groups, int digits)
    {
        if (groups is not (4 or 5) || digits != groups * 2 || run.Separator is '\0' or '/')
        {
            return false;
        }

        for (int i = 0; i < groups; i++)
        {
            if (run.LengthOf(i) != 2)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>8 (495) 123-45-67: the trunk digit, then an area or mobile code.</summary>
    private static bool IsRussian(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups == 5 && run.LengthOf(0) == 1 && text[run.StartOf(0)] == '8' && run.LengthOf(1) == 3 && text[run.StartOf(1)] is '3' or '4' or '8' or '9'
        && run.LengthOf(2) == 3 && run.LengthOf(3) == 2 && run.LengthOf(4) == 2;

    /// <summary>612 34 56 78: nine digits from 6 on.</summary>
    private static bool IsSpanish(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups == 4 && text[run.StartOf(0)] >= '6' && run.LengthOf(0) == 3 && run.LengthOf(1) == 2 && run.LengthOf(2) == 2 && run.LengthOf(3) == 2
        && run.Separator is not ('\0' or '/');

    /// <summary>Shapes that words around them make a phone number.</summary>
    private static bool Fits(in NumberRun run, int groups, int digits) =>
        groups <= 6 && digits <= 15 && (groups == 1 ? digits >= 7 : LongEnough(run, groups)) && !(groups == 4 && digits == 16);

    private static bool LongEnough(in NumberRun run, int groups)
    {
        for (int i = 1; i < groups; i++)
        {
            if (run.LengthOf(i) < 2)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDate(in NumberRun run, int groups) =>
        groups == 3 && ((run.LengthOf(0) == 4 && run.LengthOf(1) <= 2 && run.LengthOf(2) <= 2) || (run.LengthOf(0) <= 2 && run.LengthOf(1) <= 2 && run.LengthOf(2) == 4));

    /// <summary>A house number: a street follows.</summary>
    private static bool IsAddress(ReadOnlySpan<char> text, int end)
    {
        if (end + 3 >= text.Length || text[end] != ' ' || !char.IsUpper(text[end + 1]))
        {
            return false;
        }

        ReadOnlySpan<char> after = text[end..Math.Min(text.Length, end + 32)];
        after = after.IndexOf('\n') is >= 0 and int line ? after[..line] : after;
        foreach (string street in Streets)
        {
            int at = after.IndexOf(street, StringComparison.OrdinalIgnoreCase);
            if (at > 0 && (at + street.Length >= after.Length || !char.IsLetter(after[at + street.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAmount(ReadOnlySpan<char> text, int start, int end) =>
        (start > 0 && text[start - 1] is '$' or '€' or '£' or '¥' or '#') || (end < text.Length && text[end] is '%' or '€' or '£' or '$');

    /// <summary>The end of " x123" or " ext. 123" after a number, or the number's own end.</summary>
    private static int Extension(ReadOnlySpan<char> text, int end)
    {
        int at = end;
        while (at < text.Length && at - end < 2 && text[at] is ' ' or ',')
        {
            at++;
        }

        ReadOnlySpan<char> rest = text[at..];
        int mark = rest.StartsWith("ext. ", StringComparison.OrdinalIgnoreCase) ? 5
            : rest.StartsWith("ext ", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("ext.", StringComparison.OrdinalIgnoreCase) ? 4
            : rest.StartsWith("x", StringComparison.OrdinalIgnoreCase) ? 1
            : 0;
        int digits = 0;
        while (mark > 0 && mark + digits < rest.Length && digits < 7 && char.IsAsciiDigit(rest[mark + digits]))
        {
            digits++;
        }

        bool ends = mark + digits >= rest.Length || !char.IsLetterOrDigit(rest[mark + digits]);
        return digits is > 0 and < 7 && ends ? at + mark + digits : end;
    }
}
