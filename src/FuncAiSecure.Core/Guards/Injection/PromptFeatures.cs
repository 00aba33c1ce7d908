using System.Numerics;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>Takes the features of a text, word by word.</summary>
internal interface IFeatureSink
{
    /// <summary>A feature of word <paramref name="token"/>: its block (0 words, 1 letters, 2 meanings) and its slot in the weights.</summary>
    void Add(int token, int block, int slot);
}

/// <summary>
/// The classifier's features, the same code in training and serving: hashed word 1-, 2- and 3-grams; letter 3- to 5-grams inside words;
/// meanings alone, in pairs up to eight words apart, and in triples. A feature belongs to the word that ends it.
/// </summary>
internal static class PromptFeatures
{
    /// <summary>Number of blocks; each is scaled to unit length by itself.</summary>
    public const int Blocks = 3;

    /// <summary>Number of slots over all blocks.</summary>
    public const int Slots = WordSlots + LetterSlots + MeaningSlots;

    private const int WordSlots = 1 << 18;
    private const int LetterSlots = 1 << 17;
    private const int MeaningSlots = 1 << 15;
    private const int LongestWord = 20;
    private const int PairReach = 8;
    private const int Remembered = 4;

    /// <summary>Gives every feature of the words to <paramref name="sink"/>, in their order.</summary>
    public static void Read<TSink>(ReadOnlySpan<char> view, ReadOnlySpan<Token> tokens, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        Span<(int At, uint Meaning)> recent = stackalloc (int, uint)[Remembered];
        int remembered = 0;
        uint before = 0, twoBefore = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            Token token = tokens[i];
            uint hash = token.Hash;
            sink.Add(i, 0, Word(hash));
            if (i > 0)
            {
                uint pair = WordHash.Mix((before * 31) ^ hash);
                sink.Add(i, 0, Word(pair));
                if (i > 1)
                {
                    sink.Add(i, 0, Word(WordHash.Mix((twoBefore * 131) ^ pair)));
                }
            }

            (twoBefore, before) = (before, hash);
            Letters(view.Slice(token.Start, Math.Min(token.Length, LongestWord)), i, ref sink);
            if (token.Concepts != Concepts.None)
            {
                Meanings((uint)token.Concepts, i, recent[..Math.Min(remembered, Remembered)], ref sink);
                for (int k = Remembered - 1; k > 0; k--)
                {
                    recent[k] = recent[k - 1];
                }

                recent[0] = (i, (uint)token.Concepts);
                remembered++;
            }
        }
    }

    private static int Word(uint hash) => (int)(hash & (WordSlots - 1));

    private static void Letters<TSink>(ReadOnlySpan<char> word, int token, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        // The word with a mark at each end: index -1 and index Length.
        for (int start = -1; start < word.Length - 1; start++)
        {
            uint hash = WordHash.Start;
            for (int length = 1; length <= 5 && start + length <= word.Length + 1; length++)
            {
                int at = start + length - 1;
                hash = WordHash.Add(hash, at < 0 || at >= word.Length ? ' ' : word[at]);
                if (length >= 3)
                {
                    sink.Add(token, 1, WordSlots + (int)(WordHash.Mix(hash ^ (uint)length) & (LetterSlots - 1)));
                }
            }
        }
    }

    private static void Meanings<TSink>(uint meant, int token, ReadOnlySpan<(int At, uint Meaning)> recent, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        for (uint rest = meant; rest != 0; rest &= rest - 1)
        {
            uint one = (uint)BitOperations.TrailingZeroCount(rest) + 1;
            sink.Add(token, 2, Meaning(one));
            for (int k = 0; k < recent.Length && token - recent[k].At <= PairReach; k++)
            {
                uint near = token - recent[k].At <= 3 ? 1u : 2u;
                for (uint others = recent[k].Meaning; others != 0; others &= others - 1)
                {
                    uint other = (uint)BitOperations.TrailingZeroCount(others) + 1;
                    sink.Add(token, 2, Meaning((one * 64) + other + (near << 16)));
                    if (k + 1 < recent.Length && token - recent[k + 1].At <= 2 * PairReach)
                    {
                        uint third = (uint)BitOperations.TrailingZeroCount(recent[k + 1].Meaning) + 1;
                        sink.Add(token, 2, Meaning((one * 64) + other + (third << 20) + (3u << 28)));
                    }
                }
            }
        }
    }

    private static int Meaning(uint key) => WordSlots + LetterSlots + (int)(WordHash.Mix(key * 0x9E3779B1) & (MeaningSlots - 1));
}
