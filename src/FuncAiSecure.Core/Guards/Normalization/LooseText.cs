using System.Buffers;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Reads a text without what joins or parts its words but does not show, or need not stop a reader: tags and emphasis inside words go,
/// underscores and capitals within a word become blanks, and long runs of letters are parted into words.
/// </summary>
internal static class LooseText
{
    private const int MostChars = 8_192;
    private static readonly SearchValues<char> Words = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Fewer joints are names ("iPhone", "user_id").</summary>
    private const int LeastJoints = 3;

    private const int LongestTag = 64;

    /// <summary>No word of the list is longer.</summary>
    private const int LongRun = CommonWords.Longest + 1;

    private const int ShortRun = 5;
    private const int LongestRun = 512;

    /// <summary>Words that a joined sentence has at least; long names of substances have fewer.</summary>
    private const int LeastParts = 4;

    /// <summary>The share of letters' cost up to which joined letters are words; compounds of other languages and of chemistry cost more.</summary>
    private const float Dearest = 0.36f;

    /// <summary>The same where longer runs of the text were words.</summary>
    private const float DearestOfJoined = 0.5f;

    /// <summary>The text without its joints, or null where it has none.</summary>
    public static string? Read(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MostChars)];
        if (!MayHaveJoints(text))
        {
            return null;
        }

        // Who joins long runs joins short ones too.
        StringBuilder loose = new(text.Length + 32);
        int joints = Read(text, LongRun, LeastParts, Dearest, loose, out bool parted);
        if (parted)
        {
            _ = loose.Clear();
            _ = Read(text, ShortRun, 2, DearestOfJoined, loose, out _);
        }

        return joints >= LeastJoints ? loose.ToString() : null;
    }

    /// <summary>Appends the text without its joints, runs of <paramref name="longRun"/> letters and more parted; returns the count of joints.</summary>
    private static int Read(ReadOnlySpan<char> text, int longRun, int leastParts, float dearest, StringBuilder loose, out bool parted)
    {
        int joints = 0, run = 0;
        bool code = false;
        parted = false;
        for (int at = 0; at < text.Length;)
        {
            code = StartsRun(text, at) ? HasDigit(text[at..]) : code;
            int joint = Joint(text, at, code, out bool blank);
            joints += joint > 0 || blank ? 1 : 0;
            bool letter = joint > 0 ? !blank : !blank && char.IsAsciiLetter(text[at]);
            if ((!letter && run >= longRun) || run == LongestRun)
            {
                parted |= PartRun(loose, run, leastParts, dearest);
                run = 0;
            }

            run = letter ? run : 0;
            _ = blank ? loose.Append(' ') : loose;
            if (joint > 0)
            {
                at += joint;
                continue;
            }

            run += char.IsAsciiLetter(text[at]) ? 1 : 0;
            _ = loose.Append(text[at++]);
        }

        parted |= run >= longRun && PartRun(loose, run, leastParts, dearest);
        return joints + (parted ? LeastJoints : 0);
    }

    /// <summary>Whether a text has what a joint is made of, in one pass without an allocation.</summary>
    private static bool MayHaveJoints(ReadOnlySpan<char> text)
    {
        int joints = 0, run = 0;
        bool code = false;
        for (int at = 0; at < text.Length && joints < LeastJoints; at++)
        {
            char c = text[at];
            run = char.IsAsciiLetter(c) ? run + 1 : 0;
            code = StartsRun(text, at) ? HasDigit(text[at..]) : code;
            joints += run == LongRun ? LeastJoints : IsInside(text, at) && (c is '<' or '*' or '~' or '`' or '_' || (!code && IsHump(text, at))) ? 1 : 0;
        }

        return joints >= LeastJoints;
    }

    /// <summary>How many chars at a place are left out, and whether a blank stands there.</summary>
    private static int Joint(ReadOnlySpan<char> text, int at, bool code, out bool blank)
    {
        blank = false;
        if (!IsInside(text, at))
        {
            return 0;
        }

        switch (text[at])
        {
            case '<':
                int close = text[at..Math.Min(text.Length, at + LongestTag)].IndexOf('>') + 1;
                while (close > 0 && at + close < text.Length && text[at + close] == '<' && text[(at + close)..Math.Min(text.Length, at + close + LongestTag)].IndexOf('>') is >= 0 and int next)
                {
                    close += next + 1;
                }

                return close > 0 && at + close < text.Length && char.IsLetter(text[at + close]) ? close : 0;
            case '*' or '~' or '`':
                return RunThenLetter(text, at);
            case '_':
                int length = RunThenLetter(text, at);
                blank = length > 0;
                return length;
            default:
                blank = !code && IsHump(text, at);
                return 0;
        }
    }

    private static bool StartsRun(ReadOnlySpan<char> text, int at) => char.IsAsciiLetterOrDigit(text[at]) && (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]));

    /// <summary>Capitals among digits are base64, not words.</summary>
    private static bool HasDigit(ReadOnlySpan<char> run)
    {
        int length = run.IndexOfAnyExcept(Words);
        return (length < 0 ? run : run[..length]).ContainsAnyInRange('0', '9');
    }

    private static bool IsInside(ReadOnlySpan<char> text, int at) => at > 0 && at + 1 < text.Length && char.IsLetter(text[at - 1]);

    /// <summary>A capital after a small letter, before one.</summary>
    private static bool IsHump(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiLetterUpper(text[at]) && char.IsAsciiLetterLower(text[at - 1]) && (at + 1 == text.Length || char.IsAsciiLetterLower(text[at + 1]));

    private static int RunThenLetter(ReadOnlySpan<char> text, int at)
    {
        int length = 1;
        while (at + length < text.Length && text[at + length] == text[at])
        {
            length++;
        }

        return at + length < text.Length && char.IsLetter(text[at + length]) ? length : 0;
    }

    /// <summary>Parts the last letters of what was read where they are so many words.</summary>
    private static bool PartRun(StringBuilder loose, int length, int leastParts, float dearest)
    {
        Span<char> run = stackalloc char[length];
        Span<bool> starts = stackalloc bool[length];
        int first = loose.Length - length;
        for (int i = 0; i < length; i++)
        {
            run[i] = (char)(loose[first + i] | 0x20);
        }

        if (CommonWords.Shared.Contains(run) || WordSplitter.FindStarts(run, starts, dearest) < leastParts)
        {
            return false;
        }

        loose.Length = first;
        for (int i = 0; i < length; i++)
        {
            _ = starts[i] ? loose.Append(' ') : loose;
            _ = loose.Append(run[i]);
        }

        return true;
    }
}
