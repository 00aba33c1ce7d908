using System.Numerics;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The part of the classifier that goes by what words mean: one rectified layer over each word, then the most and the mean of every
/// unit over a stretch of words, weighed (a "deep set"). What a word adds to a unit stands in a table, a signed byte a number, learnt over
/// word vectors and then multiplied out; so a word costs additions of whole numbers only. The order of words is the linear part's business.
/// </summary>
/// <param name="table">A row of <see cref="Units"/> numbers a symbol: the words of words.txt, <see cref="Unknown"/>, the meanings, <see cref="Padding"/>.</param>
/// <param name="scale">What a step of the table is worth, a number a unit.</param>
/// <param name="output">Weights of the units' most, then of their mean.</param>
internal sealed class WordNetwork(sbyte[] table, float[] scale, float[] output)
{
    /// <summary>Units of the layer.</summary>
    public const int Units = 64;

    /// <summary>No more words are read at once.</summary>
    public const int LongestStretch = 96;

    /// <summary>The mean of fewer words counts as if there were so many: a word or two prove nothing.</summary>
    public const int LeastWords = 8;

    /// <summary>Kinds of meanings.</summary>
    public static readonly int Meanings = Enum.GetValues<Concepts>().Count(c => c != Concepts.None);

    /// <summary>The row of a word that the list lacks.</summary>
    public static readonly int Unknown = CommonWords.Shared.Count;

    /// <summary>The row of the first meaning.</summary>
    public static readonly int FirstMeaning = Unknown + 1;

    /// <summary>The row of no symbol: all zeros.</summary>
    public static readonly int Padding = FirstMeaning + Meanings;

    /// <summary>Rows of the table.</summary>
    public static readonly int Rows = Padding + 1;

    /// <summary>What every symbol adds to the units of its word.</summary>
    public sbyte[] Table => table;

    /// <summary>What a step of the table is worth.</summary>
    public float[] Scale => scale;

    /// <summary>Weights of what is pooled.</summary>
    public float[] Output => output;

    /// <summary>The stretch of a view that is read: all of a short one, else the words around the given ones.</summary>
    public static (int From, int To) Around(int from, int to, int words)
    {
        int start = Math.Clamp(((from + to) / 2) - (LongestStretch / 2), 0, Math.Max(0, words - LongestStretch));
        return (start, Math.Min(words, start + LongestStretch));
    }

    /// <summary>The rows that stand for a word: its own or <see cref="Unknown"/>, then one a meaning.</summary>
    public static int[] SymbolsOf(MeantWord word)
    {
        List<int> symbols = [word.Row < 0 ? Unknown : word.Row];
        for (uint rest = (uint)word.Concepts; rest != 0; rest &= rest - 1)
        {
            symbols.Add(FirstMeaning + BitOperations.TrailingZeroCount(rest));
        }

        return [.. symbols];
    }

    /// <summary>What a stretch of at most <see cref="LongestStretch"/> words adds to the score's logit.</summary>
    public float Score(ReadOnlySpan<MeantWord> words)
    {
        Pool pool = new(stackalloc short[Units], stackalloc int[Units]);
        Span<short> units = stackalloc short[Units];
        foreach (MeantWord word in words)
        {
            units.Clear();
            Add(units, word.Row < 0 ? Unknown : word.Row);
            for (uint rest = (uint)word.Concepts; rest != 0; rest &= rest - 1)
            {
                Add(units, FirstMeaning + BitOperations.TrailingZeroCount(rest));
            }

            pool.Take(units);
        }

        return Weigh(pool, words.Length);
    }

    /// <summary>
    /// The same from the graph's input: the words' symbols, <paramref name="symbolsAWord"/> each with <see cref="Padding"/> behind. NaN where
    /// they are not that.
    /// </summary>
    public float Score(ReadOnlySpan<double> symbols, int symbolsAWord)
    {
        if (symbolsAWord < 1 || symbols.Length % symbolsAWord != 0)
        {
            return float.NaN;
        }

        Pool pool = new(new short[Units], new int[Units]);
        Span<short> units = stackalloc short[Units];
        for (int word = 0; word < symbols.Length; word += symbolsAWord)
        {
            units.Clear();
            foreach (double symbol in symbols.Slice(word, symbolsAWord))
            {
                if (!(symbol >= 0 && symbol < Rows))
                {
                    return float.NaN;
                }

                Add(units, (int)symbol);
            }

            pool.Take(units);
        }

        return Weigh(pool, symbols.Length / symbolsAWord);
    }

    /// <summary>Adds a row to a word's units. It cannot overflow: a word has one row and all meanings at most, 22 · 127 &lt; 2^15.</summary>
    private void Add(Span<short> units, int row)
    {
        Span<Vector<short>> sums = MemoryMarshal.Cast<short, Vector<short>>(units);
        ReadOnlySpan<Vector<sbyte>> steps = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(table.AsSpan(row * Units, Units));
        for (int k = 0; k < steps.Length; k++)
        {
            Vector.Widen(steps[k], out Vector<short> low, out Vector<short> high);
            sums[2 * k] += low;
            sums[(2 * k) + 1] += high;
        }
    }

    private float Weigh(in Pool pool, int words)
    {
        float score = 0, share = 1f / Math.Max(words, LeastWords);
        for (int k = 0; k < Units; k++)
        {
            score += scale[k] * ((output[k] * pool.Most[k]) + (output[Units + k] * pool.Sum[k] * share));
        }

        return score;
    }

    /// <summary>The most and the sum of every unit, negative ones as zero.</summary>
    private readonly ref struct Pool(Span<short> most, Span<int> sum)
    {
        public ReadOnlySpan<short> Most { get; } = most;

        public ReadOnlySpan<int> Sum { get; } = sum;

        private readonly Span<Vector<short>> _most = MemoryMarshal.Cast<short, Vector<short>>(most);
        private readonly Span<Vector<int>> _sum = MemoryMarshal.Cast<int, Vector<int>>(sum);

        public void Take(ReadOnlySpan<short> units)
        {
            ReadOnlySpan<Vector<short>> values = MemoryMarshal.Cast<short, Vector<short>>(units);
            for (int k = 0; k < values.Length; k++)
            {
                Vector<short> unit = Vector.Max(Vector<short>.Zero, values[k]);
                _most[k] = Vector.Max(_most[k], unit);
                Vector.Widen(unit, out Vector<int> first, out Vector<int> second);
                _sum[2 * k] += first;
                _sum[(2 * k) + 1] += second;
            }
        }
    }
}
