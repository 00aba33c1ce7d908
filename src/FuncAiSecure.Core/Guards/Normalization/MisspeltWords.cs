using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Mends words that are one error away from a common one: a letter too many, too few or another, two neighbours swapped (F. J. Damerau,
/// "A technique for computer detection and correction of spelling errors", 1964), an asterisk for a letter, or every letter written twice.
/// </summary>
internal static class MisspeltWords
{
    private const int ShortestWord = 4;
    private const char Masked = '*';
    private const int LeastMended = 2;

    /// <summary>Words that others are taken for: rarer ones lie near too much that is a name or foreign.</summary>
    private const int Targets = 14_000;

    /// <summary>Unknown words after which a text that few of them could be mended in is left alone.</summary>
    private const int Probes = 24;

    // What an error costs beside the word that it makes (logarithms, as CommonWords.Cost). Fingers slip more often than they invent.
    private const float Swapped = 0f;
    private const float Twice = 0f;
    private const float OneLess = 1.5f;
    private const float OneMore = 2f;
    private const float Another = 3f;

    private enum Error
    {
        None,
        Swapped,
        OneMore,
        OneLess,
        Another,
    }

    /// <summary>The folded text with its words mended, or null where fewer than two were, or fewer than three of five unknown ones.</summary>
    public static string? Mend(ReadOnlySpan<char> folded)
    {
        StringBuilder text = new(folded.Length + 16);
        int unknown = 0, mended = 0;
        for (int at = 0; at < folded.Length;)
        {
            int length = WordLength(folded[at..]);
            ReadOnlySpan<char> word = folded.Slice(at, length);
            int rank = length < ShortestWord ? 0 : CommonWords.Shared.RankOf(word);
            if (rank is >= 0 and < Targets)
            {
                _ = text.Append(folded.Slice(at, Math.Min(length + 1, folded.Length - at)));
                at += length + 1;
                continue;
            }

            // The list has common misspellings too.
            bool isMended = Append(word, text, swapsAlone: rank >= 0);
            unknown += rank < 0 || isMended ? 1 : 0;
            mended += isMended ? 1 : 0;
            at += length;
            if (unknown == Probes && mended * 3 < unknown)
            {
                return null;
            }
        }

        return mended >= LeastMended && mended * 5 >= unknown * 3 ? text.ToString() : null;
    }

    /// <summary>The length of the letters at the start, with one asterisk among them.</summary>
    private static int WordLength(ReadOnlySpan<char> text)
    {
        int length = LettersAt(text);
        return length > 0 && length + 1 < text.Length && text[length] == Masked && LettersAt(text[(length + 1)..]) is > 0 and int rest ? length + 1 + rest : length;
    }

    private static int LettersAt(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('a', 'z');
        return length < 0 ? text.Length : length;
    }

    /// <summary>Appends the common word that is meant and returns true, or appends the word as it is.</summary>
    private static bool Append(ReadOnlySpan<char> word, StringBuilder text, bool swapsAlone)
    {
        if (!swapsAlone && IsDoubled(word))
        {
            for (int i = 0; i < word.Length; i += 2)
            {
                _ = text.Append(word[i]);
            }

            return true;
        }

        Correction found = word.Length <= CommonWords.Longest + 1 ? Correction.Of(word) : default;
        switch (found.Error)
        {
            case Error.Swapped:
                _ = text.Append(word[..found.At]).Append(word[found.At + 1]).Append(word[found.At]).Append(word[(found.At + 2)..]);
                return true;
            case not Error.Swapped when swapsAlone:
                _ = text.Append(word);
                return false;
            case Error.OneMore:
                _ = text.Append(word[..found.At]).Append(word[(found.At + 1)..]);
                return true;
            case Error.OneLess:
                _ = text.Append(word[..found.At]).Append(found.Letter).Append(word[found.At..]);
                return true;
            case Error.Another:
                _ = text.Append(word[..found.At]).Append(found.Letter).Append(word[(found.At + 1)..]);
                return true;
            default:
                _ = text.Append(word);
                return false;
        }
    }

    private static bool IsDoubled(ReadOnlySpan<char> word)
    {
        for (int i = 0; i + 1 < word.Length; i += 2)
        {
            if (word[i] != word[i + 1])
            {
                return false;
            }
        }

        return word.Length % 2 == 0;
    }

    /// <summary>One error, where it stands, the letter that should, and what both cost.</summary>
    private readonly record struct Correction(Error Error, int At, char Letter, float Cost)
    {
        /// <summary>The likeliest correction. The first letter is believed, but for a swap: few get it wrong, and most words would be tried for it.</summary>
        public static Correction Of(ReadOnlySpan<char> word)
        {
            CommonWords words = CommonWords.Shared;
            Correction best = new(Error.None, 0, '\0', float.PositiveInfinity);
            int node = CommonWords.Root, masked = word.IndexOf(Masked);
            for (int at = 0; at <= word.Length && node >= 0; at++)
            {
                if (at + 1 < word.Length && words.Next(node, word[at + 1]) is >= 0 and int swapped)
                {
                    best = Better(best, new(Error.Swapped, at, '\0', Swapped + CostOf(words.Next(swapped, word[at]), word[(at + 2)..])));
                }

                if (at == masked || (at > 0 && masked < 0))
                {
                    best = WithLetter(best, node, word, at);
                }

                node = at < word.Length ? words.Next(node, word[at]) : node;
            }

            return best;
        }

        private static Correction WithLetter(Correction best, int node, ReadOnlySpan<char> word, int at)
        {
            if (at < word.Length)
            {
                best = Better(best, new(Error.OneMore, at, '\0', (word[at] == word[at - 1] ? Twice : OneMore) + CostOf(node, word[(at + 1)..])));
            }

            for (char letter = 'a'; letter <= 'z'; letter++)
            {
                if (CommonWords.Shared.Next(node, letter) is not (>= 0 and int next))
                {
                    continue;
                }

                best = Better(best, new(Error.OneLess, at, letter, OneLess + CostOf(next, word[at..])));
                if (at < word.Length)
                {
                    best = Better(best, new(Error.Another, at, letter, Another + CostOf(next, word[(at + 1)..])));
                }
            }

            return best;
        }

        private static Correction Better(Correction best, Correction other) => other.Cost < best.Cost ? other : best;

        private static float CostOf(int node, ReadOnlySpan<char> rest)
        {
            foreach (char letter in rest)
            {
                if (node < 0)
                {
                    break;
                }

                node = CommonWords.Shared.Next(node, letter);
            }

            return node >= 0 && CommonWords.Shared.Rank(node) is >= 0 and < Targets ? CommonWords.Shared.Cost(node) : float.PositiveInfinity;
        }
    }
}
