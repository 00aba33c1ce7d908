namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Numbers of other things that stand behind a phone number with only a blank between: a town's code, opening hours, how long a call took.</summary>
internal static class PhoneEnds
{
    // The longest national numbers in use, and with a country's code. What has more has something behind it.
    private const int MostOfNational = 12;
    private const int MostOfAbroad = 13;
    private const int LeastDigits = 9;

    private static readonly string[] Hours = ["h", "hrs", "hours", "hour", "uhr", "stunden", "heures", "horas", "ore", "uur", "days", "min", "mins", "minutes", "minuten", "sec", "s"];

    /// <summary>Whether the last of the first <paramref name="groups"/> groups belong to what follows, and the number ends before them.</summary>
    public static bool GoesTooFar(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        groups > 1 && (text[run.StartOf(groups - 1) - 1] is ' ' or '-' ? IsPostcode(text, run, groups) || IsHours(text, run, groups) : IsAside(text, run, groups));

    /// <summary>+12065550178 (0:42): what a bracket opens that the number does not close.</summary>
    private static bool IsAside(ReadOnlySpan<char> text, in NumberRun run, int groups) =>
        text[run.StartOf(groups - 1) - 1] == '(' && !(run.EndOf(groups - 1) is var end && end < text.Length && text[end] == ')');

    /// <summary>030 901820 10115 Berlin, 22 123 45 67 00-950 Warszawa.</summary>
    private static bool IsPostcode(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        // The first half of a code in two.
        bool half = groups < run.Groups && text[run.EndOf(groups - 1)] == '-' && run.LengthOf(groups - 1) == 2 && run.LengthOf(groups) == 3;
        groups += half ? 1 : 0;
        int end = run.EndOf(groups - 1), last = groups - 1;
        if (end + 2 >= text.Length || text[end] != ' ' || !char.IsUpper(text[end + 1]) || !char.IsLower(text[end + 2]) || run.Digits(groups) <= (run.Plus ? MostOfAbroad : MostOfNational))
        {
            return false;
        }

        bool two = groups > 2 && text[run.StartOf(last) - 1] == '-' && run.LengthOf(last - 1) == 2 && run.LengthOf(last) == 3;
        int first = two ? last - 1 : last;
        return text[run.StartOf(first) - 1] == ' ' && (two || run.LengthOf(last) is 4 or 5) && run.Digits(first) >= LeastDigits;
    }

    /// <summary>0800 123 4567 24 hours, 212-555-0123 24/7.</summary>
    private static bool IsHours(ReadOnlySpan<char> text, in NumberRun run, int groups)
    {
        int end = run.EndOf(groups - 1);
        return run.LengthOf(groups - 1) <= 2 && text[run.StartOf(groups - 1) - 1] == ' ' && run.Digits(groups - 1) >= LeastDigits
            && (text[end..].StartsWith("/7", StringComparison.Ordinal) || Nearby.Follows(text, end, Hours));
    }
}
