namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>The forms that phone numbers are written in, and what only looks like them.</summary>
internal static class PhoneForms
{
    // Scores of a round lie closer together than the pairs of a phone number: 70-68-69-69.
    private const int LeastSpread = 25;

    // 00, a country's code and a number.
    private const int LeastAbroad = 10;

    /// <summary>1-212-555-0123 and its like: groups of 3, 3 and 4 digits, the first not below 200.</summary>
    public static bool IsNorthAmerican(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        int from = groups - 3;
        if (from is < 0 or > 1 || run.LengthOf(from) != 3 || run.LengthOf(from + 1) != 3 || run.LengthOf(from + 2) != 4)
        {
            return false;
        }

        ReadOnlySpan<char> country = from == 1 ? text.Slice(run.StartOf(0), run.LengthOf(0)) : "1";
        return text[run.StartOf(from)] >= '2' && (country.SequenceEqual("1") || country.SequenceEqual("001"));
    }

    /// <summary>50-98-28-96, 01.84.17.61.18: pairs, four or five of them and no more, neither in order of size nor close together.</summary>
    public static bool EvenPairs(ReadOnlySpan<char> text, in NumberRun run, int groups, int digits)
    {
        if (groups is not (4 or 5) || groups != run.Groups || digits != groups * 2 || run.Bracket(groups) || run.Separator(groups) is '\0' or '/' || IsCount(text, run))
        {
            return false;
        }

        int least = 99, most = 0;
        for (int i = 0; i < groups; i++)
        {
            if (run.LengthOf(i) != 2)
            {
                return false;
            }

            int pair = ((text[run.StartOf(i)] - '0') * 10) + text[run.StartOf(i) + 1] - '0';
            (least, most) = (Math.Min(least, pair), Math.Max(most, pair));
        }

        return most - least >= LeastSpread;
    }

    /// <summary>Pairs that only grow: drawn numbers, steps, a table.</summary>
    public static bool IsCount(ReadOnlySpan<char> text, in NumberRun run)
    {
        for (int i = 0; i < run.Groups; i++)
        {
            if (run.LengthOf(i) != 2 || (i > 0 && text.Slice(run.StartOf(i), 2).SequenceCompareTo(text.Slice(run.StartOf(i - 1), 2)) <= 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a number that begins with 0 has an area's code behind it, or a country's behind two: 000 begins none.</summary>
    public static bool IsTrunk(ReadOnlySpan<char> text, in NumberRun run, int digits)
    {
        int zeros = 0;
        for (int group = 0; group < run.Groups && zeros < 3; group++)
        {
            for (int at = run.StartOf(group); at < run.EndOf(group); at++, zeros++)
            {
                if (text[at] != '0')
                {
                    return zeros < 2 || (zeros == 2 && digits >= LeastAbroad);
                }
            }
        }

        return false;
    }

    /// <summary>(2019) 123456: a year.</summary>
    public static bool IsYear(ReadOnlySpan<char> text, in NumberRun run) => run.LengthOf(0) == 4 && text.Slice(run.StartOf(0), 2) is "19" or "20";

    /// <summary>1. 212-555-0123: a list's number, and one more.</summary>
    public static bool IsListed(ReadOnlySpan<char> text, in NumberRun run) =>
        !run.Plus && run.Groups > 2 && run.LengthOf(0) <= 2 && run.StartOf(1) == run.EndOf(0) + 2 && text[run.EndOf(0)] == '.' && text[run.EndOf(1)] != '.';

    /// <summary>0.618…: a fraction.</summary>
    public static bool IsDecimal(in NumberRun run, int groups) => groups == 2 && run.LengthOf(0) == 1 && run.Separator(groups) == '.';

    /// <summary>+52.520008: of a coordinate. Registers of domains write numbers so, too, but longer ones.</summary>
    public static bool IsSignedDecimal(in NumberRun run, int groups) => groups == 2 && run.Separator(groups) == '.';

    /// <summary>8 (495) 123-45-67: the trunk digit, then an area or mobile code.</summary>
    public static bool IsRussian(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups == 5 && run.LengthOf(0) == 1 && text[run.StartOf(0)] == '8' && run.LengthOf(1) == 3 && text[run.StartOf(1)] is '3' or '4' or '8' or '9'
        && run.LengthOf(2) == 3 && run.LengthOf(3) == 2 && run.LengthOf(4) == 2;

    /// <summary>612 34 56 78: nine digits from 6 on.</summary>
    public static bool IsSpanish(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups == 4 && text[run.StartOf(0)] >= '6' && run.LengthOf(0) == 3 && run.LengthOf(1) == 2 && run.LengthOf(2) == 2 && run.LengthOf(3) == 2
        && run.Separator(groups) is not ('\0' or '/');

    /// <summary>07700900123: eleven digits in one piece.</summary>
    public static bool IsBritishMobile(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups == 1 && run.Groups == 1 && run.LengthOf(0) == 11 && text.Slice(run.StartOf(0), 2).SequenceEqual("07") && text[run.StartOf(0) + 2] >= '1';

    /// <summary>Whether all groups but the first have two digits; one may be the country's trunk after 00, or a hyphen's -0 at the end.</summary>
    public static bool LongEnough(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        for (int i = 1; i < groups; i++)
        {
            bool trunk = i == 1 && run.LengthOf(0) == 4 && text.Slice(run.StartOf(0), 2).SequenceEqual("00");
            bool extension = i > 1 && i == groups - 1 && text[run.StartOf(i) - 1] == '-';
            if (run.LengthOf(i) < 2 && !trunk && !extension)
            {
                return false;
            }
        }

        return true;
    }
}
