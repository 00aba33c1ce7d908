using System.Numerics;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The part of the classifier that goes by what words mean: each word's vector and meanings through one rectified layer, then the most
/// and the mean of every unit over a stretch of words, weighed (a "deep set"). The order of words is the linear part's business.
/// </summary>
/// <param name="input">Weights of the layer, a row of <see cref="Units"/> an input: the vector's numbers, the meanings, no vector, a constant.</param>
/// <param name="output">Weights of the units' most, then of their mean.</param>
internal sealed class WordNetwork(float[] input, float[] output)
{
    /// <summary>Units of the layer.</summary>
    public const int Units = 64;

    /// <summary>Inputs of the layer.</summary>
    public const int Inputs = Constant + 1;

    /// <summary>No more words are read at once.</summary>
    public const int LongestStretch = 96;

    /// <summary>The mean of fewer words counts as if there were so many: a word or two prove nothing.</summary>
    public const int LeastWords = 8;

    /// <summary>The input that is 1 for a word without a vector.</summary>
    public const int Unknown = WordVectors.Size + 21;

    /// <summary>The input that is 1 for every word.</summary>
    public const int Constant = Unknown + 1;

    /// <summary>Weights of the layer.</summary>
    public float[] Input => input;

    /// <summary>Weights of what is pooled.</summary>
    public float[] Output => output;

    /// <summary>The stretch of a view that is read: all of a short one, else the words around the given ones.</summary>
    public static (int From, int To) Around(int from, int to, int words)
    {
        int start = Math.Clamp(((from + to) / 2) - (LongestStretch / 2), 0, Math.Max(0, words - LongestStretch));
        return (start, Math.Min(words, start + LongestStretch));
    }

    /// <summary>The inputs behind the vector that are 1, a bit each: the meanings, and whether the word has no vector.</summary>
    public static uint Flags(MeantWord word) => (uint)word.Concepts | (word.Row < 0 ? 1u << (Unknown - WordVectors.Size) : 0);

    /// <summary>The inputs of a word, for a caller that computes the layer elsewhere.</summary>
    public static float[] InputsOf(MeantWord word)
    {
        float[] inputs = new float[Inputs];
        for (int i = 0; word.Row >= 0 && i < WordVectors.Size; i++)
        {
            inputs[i] = WordVectors.Row(word.Row)[i] * WordVectors.Step;
        }

        for (uint rest = Flags(word); rest != 0; rest &= rest - 1)
        {
            inputs[WordVectors.Size + BitOperations.TrailingZeroCount(rest)] = 1;
        }

        inputs[Constant] = 1;
        return inputs;
    }

    /// <summary>What a stretch of words adds to the score's logit.</summary>
    public float Score(ReadOnlySpan<MeantWord> words)
    {
        Span<float> units = stackalloc float[Units], most = stackalloc float[Units], sum = stackalloc float[Units];
        most.Clear();
        sum.Clear();
        Span<Vector<float>> unit = MemoryMarshal.Cast<float, Vector<float>>(units), high = MemoryMarshal.Cast<float, Vector<float>>(most);
        Span<Vector<float>> total = MemoryMarshal.Cast<float, Vector<float>>(sum);
        foreach (MeantWord word in words)
        {
            Layer(input, word, units);
            for (int k = 0; k < unit.Length; k++)
            {
                high[k] = Vector.Max(high[k], unit[k]);
                total[k] += unit[k];
            }
        }

        return Weigh(most, sum, words.Length);
    }

    /// <summary>The same from the inputs of every word, <see cref="Inputs"/> a word; NaN where they are not whole words.</summary>
    public float Score(ReadOnlySpan<double> inputs)
    {
        float[] most = new float[Units], sum = new float[Units];
        for (int at = 0; at + Inputs <= inputs.Length; at += Inputs)
        {
            for (int k = 0; k < Units; k++)
            {
                double unit = 0;
                for (int i = 0; i < Inputs; i++)
                {
                    unit += inputs[at + i] * input[(i * Units) + k];
                }

                most[k] = Math.Max(most[k], (float)unit);
                sum[k] += Math.Max(0, (float)unit);
            }
        }

        return inputs.Length % Inputs == 0 ? Weigh(most, sum, inputs.Length / Inputs) : float.NaN;
    }

    /// <summary>The layer's units for a word, written to <paramref name="units"/>.</summary>
    public static void Layer(ReadOnlySpan<float> weights, MeantWord word, Span<float> units)
    {
        Span<Vector<float>> unit = MemoryMarshal.Cast<float, Vector<float>>(units);
        ReadOnlySpan<Vector<float>> weight = MemoryMarshal.Cast<float, Vector<float>>(weights);
        int width = unit.Length;
        weight.Slice(Constant * width, width).CopyTo(unit);
        ReadOnlySpan<sbyte> vector = word.Row < 0 ? [] : WordVectors.Row(word.Row);
        for (int i = 0; i < vector.Length; i++)
        {
            Vector<float> value = new(vector[i] * WordVectors.Step);
            ReadOnlySpan<Vector<float>> row = weight.Slice(i * width, width);
            for (int k = 0; k < row.Length; k++)
            {
                unit[k] += value * row[k];
            }
        }

        for (uint rest = Flags(word); rest != 0; rest &= rest - 1)
        {
            ReadOnlySpan<Vector<float>> row = weight.Slice((WordVectors.Size + BitOperations.TrailingZeroCount(rest)) * width, width);
            for (int k = 0; k < row.Length; k++)
            {
                unit[k] += row[k];
            }
        }

        for (int k = 0; k < unit.Length; k++)
        {
            unit[k] = Vector.Max(unit[k], Vector<float>.Zero);
        }
    }

    private float Weigh(ReadOnlySpan<float> most, ReadOnlySpan<float> sum, int words)
    {
        float score = 0, share = 1f / Math.Max(words, LeastWords);
        for (int k = 0; k < Units; k++)
        {
            score += (output[k] * most[k]) + (output[Units + k] * sum[k] * share);
        }

        return score;
    }
}
