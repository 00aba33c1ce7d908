namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Looks for words around a find.</summary>
internal static class Nearby
{
    private const int Before = 56;

    /// <summary>Whether one of the words, at the start of a word, stands within some dozens of signs before <paramref name="at"/>.</summary>
    public static bool Precedes(ReadOnlySpan<char> text, int at, ReadOnlySpan<string> words, int reach = Before)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - reach)..at];
        foreach (string word in words)
        {
            for (int from = 0; from < before.Length;)
            {
                int found = before[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase);
                if (found < 0)
                {
                    break;
                }

                from += found;
                if (from == 0 || !char.IsLetterOrDigit(before[from - 1]) || !char.IsAscii(word[0]))
                {
                    return true;
                }

                from += word.Length;
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
