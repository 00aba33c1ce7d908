using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Looks for words around a find.</summary>
internal static class Nearby
{
    private const int Before = 56;
    private const int MaxKey = 32;
    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create("0123456789,;()|\n");
    private static readonly SearchValues<char> InNumbers = SearchValues.Create("0123456789 -./,:()+");

    /// <summary>Words to look for, in any case. Found all at once: a text of numbers has them looked for at every number.</summary>
    public static SearchValues<string> Words(ReadOnlySpan<string> words) => SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether one of the words, at the start of a word, stands within some dozens of signs before <paramref name="at"/>.</summary>
    public static bool Precedes(ReadOnlySpan<char> text, int at, SearchValues<string> words, int reach = Before) =>
        Has(text[Math.Max(0, at - reach)..at], words);

    /// <summary>Whether one of the words stands in <paramref name="before"/> at the start of a word.</summary>
    public static bool Has(ReadOnlySpan<char> before, SearchValues<string> words)
    {
        // Among numbers there are no words.
        if (!before.ContainsAnyExcept(InNumbers))
        {
            return false;
        }

        for (int from = 0; before[from..].IndexOfAny(words) is var found and >= 0; from++)
        {
            from += found;

            // Scripts without blanks have no starts of words; names in programs have capitals: dateOfBirth.
            if (from == 0 || !char.IsLetterOrDigit(before[from - 1]) || !char.IsAscii(before[from]) || (char.IsAsciiLetterUpper(before[from]) && char.IsAsciiLetterLower(before[from - 1])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What stands before <paramref name="at"/> in the same line; the line before too where this one goes on with a small letter or has no words.</summary>
    public static ReadOnlySpan<char> Line(ReadOnlySpan<char> text, int at, int reach)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - reach)..at];
        int line = before.LastIndexOf('\n');
        if (line < 0)
        {
            return before;
        }

        ReadOnlySpan<char> last = before[(line + 1)..];
        foreach (char c in last)
        {
            if (char.IsLetter(c))
            {
                return char.IsLower(c) ? before : last;
            }
        }

        return before;
    }

    /// <summary>What stands before <paramref name="at"/> back to the last digit, comma, semicolon, bracket or line end: what names a number directly.</summary>
    public static ReadOnlySpan<char> Clause(ReadOnlySpan<char> text, int at, int reach)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - reach)..at];
        return before[(before.LastIndexOfAny(ClauseEnds) + 1)..];
    }

    /// <summary>The key of the value at <paramref name="at"/> in <c>key=value</c> or <c>"key": "value"</c>; empty where it is no value.</summary>
    public static ReadOnlySpan<char> Key(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        bool quoted = end > 0 && text[end - 1] is '"' or '\'';
        end -= quoted ? 1 : 0;
        while (end > 0 && at - end < 4 && text[end - 1] == ' ')
        {
            end--;
        }

        if (end == 0 || text[end - 1] is not ('=' or ':'))
        {
            return default;
        }

        bool query = text[--end] == '=';
        bool inQuotes = end > 0 && text[end - 1] is '"' or '\'';
        end -= inQuotes ? 1 : 0;
        int start = end;
        while (start > 0 && end - start < MaxKey && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-'))
        {
            start--;
        }

        // Without quotes a word before a colon is prose.
        return query || inQuotes ? text[start..end] : default;
    }

    /// <summary>Whether one of the words begins within a few signs after <paramref name="at"/>, on the same line.</summary>
    public static bool Follows(ReadOnlySpan<char> text, int at, ReadOnlySpan<string> words)
    {
        ReadOnlySpan<char> after = text[at..Math.Min(text.Length, at + 3)].TrimStart(" -(,").Length is var left and > 0
            ? text[(Math.Min(text.Length, at + 3) - left)..]
            : default;
        if (after.Length == 0 || !char.IsLetter(after[0]))
        {
            return false;
        }

        foreach (string word in words)
        {
            if (after.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (after.Length == word.Length || !char.IsLetter(after[word.Length])))
            {
                return true;
            }
        }

        return false;
    }
}
