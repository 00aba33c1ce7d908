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

    /// <summary>Words that others are taken for: rarer ones lie near too much that is a name or foreign.</summary>
    private const int Targets = 14_000;

    /// <summary>
    /// Misspelt words among few others. A name or a foreign word lies near a common one now and then, so they have to be most of what is
    /// unknown, or so many in turn.
    /// </summary>
    private const int LeastMended = 2;

    /// <inheritdoc cref="LeastMended"/>
    private const int LeastInTurn = 3;

    // What an error costs beside the word that it makes (logarithms, as CommonWords.Cost). Fingers slip more often than they invent.
    private const float Swapped = 0f;
    private const float Twice = 0f;
    private const float OneLess = 1.5f;
    private const float OneMore = 2f;
    private const float Another = 3f;

    private enum Error
    {
        None,
        Doubled,
        Swapped,
        OneMore,
        OneLess,
        Another,
    }

    /// <summary>The folded text with its misspelt words mended, or null where none is taken for one.</summary>
    public static string? Mend(ReadOnlySpan<char> folded)
    {
        List<Unknown> unknown = Find(folded);
        int meant = unknown.Count(word => word.IsMeant);
        bool all = meant >= LeastMended && meant * 5 >= unknown.Count * 3;
        StringBuilder? text = null;
        int copied = 0;
        for (int i = 0, run; i < unknown.Count; i += Math.Max(run, 1))
        {
            for (run = 0; i + run < unknown.Count && unknown[i + run].IsMeant; run++)
            {
            }

            for (int k = i; k < i + run && (all || run >= LeastInTurn); k++)
            {
                text ??= new(folded.Length + 16);
                _ = text.Append(folded[copied..unknown[k].At]);
                unknown[k].Append(folded, text);
                copied = unknown[k].At + unknown[k].Length;
            }
        }

        return text?.Append(folded[copied..]).ToString();
    }

    /// <summary>Words that are none of the list, or such rare ones of it that they may be misspelt.</summary>
    private static List<Unknown> Find(ReadOnlySpan<char> folded)
    {
        List<Unknown> unknown = [];
        for (int at = 0, length; at < folded.Length; at += Math.Max(length, 1))
        {
            length = WordLength(folded[at..]);
            ReadOnlySpan<char> word = folded.Slice(at, length);
            int rank = length < ShortestWord ? 0 : CommonWords.Shared.RankOf(word);
            if (rank is >= 0 and < Targets)
            {
                continue;
            }

            Correction correction = Correction.Of(word, isKnown: rank >= 0);
            if (rank < 0 || correction.Error is not Error.None)
            {
                unknown.Add(new Unknown(at, length, correction));
            }
        }

        return unknown;
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

    /// <summary>Where an unknown word stands and what may be meant by it.</summary>
    private readonly record struct Unknown(int At, int Length, Correction Correction)
    {
        public bool IsMeant => Correction.Error is not Error.None;

        /// <summary>Appends the common word that is meant.</summary>
        public void Append(ReadOnlySpan<char> folded, StringBuilder text)
        {
            ReadOnlySpan<char> word = folded.Slice(At, Length);
            int at = Correction.At;
            switch (Correction.Error)
            {
                case Error.Doubled:
                    for (int i = 0; i < word.Length; i += 2)
                    {
                        _ = text.Append(word[i]);
                    }

                    break;
                case Error.Swapped:
                    _ = text.Append(word[..at]).Append(word[at + 1]).Append(word[at]).Append(word[(at + 2)..]);
                    break;
                case Error.OneMore:
                    _ = text.Append(word[..at]).Append(word[(at + 1)..]);
                    break;
                case Error.OneLess:
                    _ = text.Append(word[..at]).Append(Correction.Letter).Append(word[at..]);
                    break;
                default:
                    _ = text.Append(word[..at]).Append(Correction.Letter).Append(word[(at + 1)..]);
                    break;
            }
        }
    }

    /// <summary>One error, where it stands, the letter that should, and what both cost.</summary>
    private readonly record struct Correction(Error Error, int At, char Letter, float Cost)
    {
        /// <summary>The likeliest correction. The first letter is believed, but for a swap: few get it wrong, and most words would be tried for it.</summary>
        /// <remarks>Of a word that is known, if rare, only a swap is one: the list has common misspellings too.</remarks>
        public static Correction Of(ReadOnlySpan<char> word, bool isKnown)
        {
            if (!isKnown && IsDoubled(word))
            {
                return new(Error.Doubled, 0, '\0', 0);
            }

            if (word.Length > CommonWords.Longest + 1)
            {
                return default;
            }

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

            return isKnown && best.Error is not Error.Swapped ? default : best;
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
