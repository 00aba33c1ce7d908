using System.Buffers;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Looks for words around a find.</summary>
internal static class Nearby
{
    private const int Before = 56;
    private static readonly SearchValues<char> InNumbers = SearchValues.Create("0123456789 -./,:()+");

    /// <summary>Words to look for, in any case. Found all at once: a text of numbers has them looked for at every number.</summary>
    public static SearchValues<string> Words(ReadOnlySpan<string> words) => SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether one of the words, at the start of a word, stands within some dozens of signs before <paramref name="at"/>.</summary>
    public static bool Precedes(ReadOnlySpan<char> text, int at, SearchValues<string> words, int reach = Before)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - reach)..at];

        // Among numbers there are no words.
        if (!before.ContainsAnyExcept(InNumbers))
        {
            return false;
        }

        for (int from = 0; before[from..].IndexOfAny(words) is var found and >= 0; from++)
        {
            from += found;

            // Scripts without blanks have no starts of words.
            if (from == 0 || !char.IsLetterOrDigit(before[from - 1]) || !char.IsAscii(before[from]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether one of the words begins within a few signs after <paramref name="at"/>, on the same line.</summary>
    public static bool Follows(ReadOnlySpan<char> text, int at, ReadOnlySpan<string> words)
    {
        ReadOnlySpan<char> after = text[at..Math.Min(text.Length, at + 3)].TrimStart(" -(,").Length is var left and > 0
            ? text[(Math.Min(text.Length, at + 3) - left)..]
            : default;
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
