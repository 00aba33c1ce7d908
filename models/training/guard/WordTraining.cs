using System.Numerics;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Learns a <see cref="WordNetwork"/> by Adam (Kingma and Ba 2015) on small batches. Words are left out at random, so that the network goes
/// by many of a text's words and not by one, in half of the texts those with a meaning above all. Deterministic for a seed.
/// </summary>
internal sealed class WordTraining
{
    private const int Batch = 64;
    private const int Units = WordNetwork.Units;
    private const int Pooled = 2 * Units;

    // A word's vector goes through a narrow matrix first, so that the network learns directions of meaning and not single words.
    private const int Narrow = 16;
    private const int NarrowLength = WordVectors.Size * Narrow;
    private static readonly int Constant = Narrow + 1 + WordNetwork.Meanings;
    private static readonly int Output = NarrowLength + ((Constant + 1) * Units);
    private static readonly int Length = Output + Pooled + 1;
    private const float MostDropped = 0.2f;
    private const float DroppedMeanings = 0.5f;
    private const float DroppedUnits = 0.3f;
    private const int WarmUp = 100;

    // The narrow matrix; rows of the layer for its directions, for words without a vector, for meanings and for all words; the output; the
    // bias: one array, so that one rule moves them all.
    private readonly float[] _weights = new float[Length];
    private readonly float[] _gradient = new float[Length];
    private readonly float[] _mean = new float[Length];
    private readonly float[] _square = new float[Length];
    private readonly TrainingSettings _settings;
    private readonly float[] _units = new float[WordNetwork.LongestStretch * Units];
    private readonly float[] _narrow = new float[WordNetwork.LongestStretch * Narrow];
    private readonly MeantWord[] _kept = new MeantWord[WordNetwork.LongestStretch];
    private SplitMix _random;
    private int _steps;

    private WordTraining(TrainingSettings settings)
    {
        (_settings, _random) = (settings, new SplitMix(settings.Seed + 1));
        for (int i = 0; i < Length - 1; i++)
        {
            float fan = i < NarrowLength ? WordVectors.Size : i < Output ? Constant + 1 : Pooled;
            _weights[i] = ((2 * Uniform()) - 1) / MathF.Sqrt(fan);
        }

        _weights[^1] = -1;
    }

    /// <summary>The network and its bias, from stretches of words.</summary>
    public static (WordNetwork Network, float Bias) Train(IReadOnlyList<(MeantWord[] Words, bool IsAttack, float Weight)> examples, TrainingSettings settings)
    {
        WordTraining training = new(settings);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        int steps = settings.WordEpochs * ((order.Length + Batch - 1) / Batch);
        for (int epoch = 0; epoch < settings.WordEpochs; epoch++)
        {
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = (int)(training._random.Next() % (ulong)(i + 1));
                (order[i], order[j]) = (order[j], order[i]);
            }

            for (int from = 0; from < order.Length; from += Batch)
            {
                int to = Math.Min(order.Length, from + Batch);
                foreach (int index in order.AsSpan(from, to - from))
                {
                    training.Learn(examples[index].Words, examples[index].IsAttack, examples[index].Weight / (to - from));
                }

                training.Step(steps);
            }
        }

        return (training.Network(), training._weights[^1] * settings.WordShare);
    }

    /// <summary>What was learnt as the table that is served: every symbol's row multiplied out, the constant within the words' rows.</summary>
    private WordNetwork Network()
    {
        float[] table = new float[WordNetwork.Rows * Units];
        Span<float> narrow = stackalloc float[Narrow];
        for (int row = 0; row < WordNetwork.Padding; row++)
        {
            Span<float> values = table.AsSpan(row * Units, Units);
            if (row < WordNetwork.Unknown)
            {
                Directions(row, narrow);
                for (int n = 0; n < Narrow; n++)
                {
                    Add(values, narrow[n], RowOf(_weights, n));
                }
            }
            else
            {
                Add(values, 1, RowOf(_weights, Narrow + row - WordNetwork.Unknown));
            }

            if (row <= WordNetwork.Unknown)
            {
                Add(values, 1, RowOf(_weights, Constant));
            }
        }

        float[] scale = new float[Units];
        for (int i = 0; i < table.Length; i++)
        {
            scale[i % Units] = Math.Max(scale[i % Units], MathF.Abs(table[i]) / sbyte.MaxValue);
        }

        sbyte[] steps = [.. table.Select((value, i) => (sbyte)MathF.Round(value / scale[i % Units]))];
        return new WordNetwork(steps, scale, [.. _weights[Output..^1].Select(w => w * _settings.WordShare)]);
    }

    private void Directions(int word, Span<float> narrow)
    {
        narrow.Clear();
        ReadOnlySpan<float> vector = _settings.Vectors.Row(word);
        for (int i = 0; i < vector.Length; i++)
        {
            Add(narrow, vector[i], _weights.AsSpan(i * Narrow, Narrow));
        }
    }

    private float Uniform() => (_random.Next() >> 40) * (1f / (1 << 24));

    private void Learn(MeantWord[] words, bool attack, float weight)
    {
        float dropped = MostDropped * Uniform(), meant = _random.Next() % 2 == 0 ? DroppedMeanings : 0;
        for (int i = 0; i < words.Length; i++)
        {
            _kept[i] = Uniform() < dropped + (words[i].Concepts != Concepts.None ? meant : 0) ? new MeantWord(-1, Concepts.None) : words[i];
        }

        // Forward: the most of a unit and the word that has it, and its sum.
        Span<float> most = stackalloc float[Units], sum = stackalloc float[Units];
        Span<int> at = stackalloc int[Units];
        most.Clear();
        sum.Clear();
        at.Fill(-1);
        for (int i = 0; i < words.Length; i++)
        {
            Span<float> unit = _units.AsSpan(i * Units, Units);
            Forward(_kept[i], _narrow.AsSpan(i * Narrow, Narrow), unit);
            for (int k = 0; k < Units; k++)
            {
                unit[k] = Math.Max(0, unit[k]);
                sum[k] += unit[k];
                (most[k], at[k]) = unit[k] > most[k] ? (unit[k], i) : (most[k], at[k]);
            }
        }

        float share = 1f / Math.Max(words.Length, WordNetwork.LeastWords), score = _weights[^1];
        Span<float> kept = stackalloc float[Pooled];
        for (int k = 0; k < Pooled; k++)
        {
            kept[k] = Uniform() < DroppedUnits ? 0 : 1 / (1 - DroppedUnits);
            score += _weights[Output + k] * kept[k] * (k < Units ? most[k] : sum[k - Units] * share);
        }

        // Backward.
        float error = ((1 / (1 + MathF.Exp(-score))) - (attack ? 1 : 0)) * weight;
        _gradient[^1] += error;
        Span<float> toMost = stackalloc float[Units], toSum = stackalloc float[Units], to = stackalloc float[Units];
        for (int k = 0; k < Units; k++)
        {
            _gradient[Output + k] += error * kept[k] * most[k];
            _gradient[Output + Units + k] += error * kept[Units + k] * sum[k] * share;
            toMost[k] = error * kept[k] * _weights[Output + k];
            toSum[k] = error * kept[Units + k] * _weights[Output + Units + k] * share;
        }

        for (int i = 0; i < words.Length; i++)
        {
            for (int k = 0; k < Units; k++)
            {
                to[k] = _units[(i * Units) + k] > 0 ? toSum[k] + (at[k] == i ? toMost[k] : 0) : 0;
            }

            Backward(_kept[i], _narrow.AsSpan(i * Narrow, Narrow), to);
        }
    }

    /// <summary>The sums of a word's units.</summary>
    private void Forward(MeantWord word, Span<float> narrow, Span<float> units)
    {
        RowOf(_weights, Constant).CopyTo(units);
        if (word.Row >= 0)
        {
            Directions(word.Row, narrow);
            for (int n = 0; n < Narrow; n++)
            {
                Add(units, narrow[n], RowOf(_weights, n));
            }
        }

        for (uint rest = Flags(word); rest != 0; rest &= rest - 1)
        {
            Add(units, 1, RowOf(_weights, Narrow + BitOperations.TrailingZeroCount(rest)));
        }
    }

    /// <summary>Adds a word's share to the gradient, from what its units ought to change by.</summary>
    private void Backward(MeantWord word, ReadOnlySpan<float> narrow, ReadOnlySpan<float> to)
    {
        Add(RowOf(_gradient, Constant), 1, to);
        for (uint rest = Flags(word); rest != 0; rest &= rest - 1)
        {
            Add(RowOf(_gradient, Narrow + BitOperations.TrailingZeroCount(rest)), 1, to);
        }

        if (word.Row < 0)
        {
            return;
        }

        Span<float> toNarrow = stackalloc float[Narrow];
        for (int n = 0; n < Narrow; n++)
        {
            Add(RowOf(_gradient, n), narrow[n], to);
            toNarrow[n] = Dot(RowOf(_weights, n), to);
        }

        ReadOnlySpan<float> vector = _settings.Vectors.Row(word.Row);
        for (int i = 0; i < vector.Length; i++)
        {
            Add(_gradient.AsSpan(i * Narrow, Narrow), vector[i], toNarrow);
        }
    }

    /// <summary>The rows behind the directions that a word has, a bit each: no vector, then the meanings.</summary>
    private static uint Flags(MeantWord word) => ((uint)word.Concepts << 1) | (word.Row < 0 ? 1u : 0);

    private static Span<float> RowOf(float[] values, int row) => values.AsSpan(NarrowLength + (row * Units), Units);

    private static float Dot(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        ReadOnlySpan<Vector<float>> left = MemoryMarshal.Cast<float, Vector<float>>(one), right = MemoryMarshal.Cast<float, Vector<float>>(other);
        Vector<float> sum = Vector<float>.Zero;
        for (int k = 0; k < left.Length; k++)
        {
            sum += left[k] * right[k];
        }

        return Vector.Sum(sum);
    }

    private static void Add(Span<float> into, float factor, ReadOnlySpan<float> what)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(into);
        ReadOnlySpan<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(what);
        for (int k = 0; k < wide.Length; k++)
        {
            wide[k] += from[k] * factor;
        }
    }

    private void Step(int steps)
    {
        const float keepMean = 0.9f, keepSquare = 0.999f;
        float rate = (_settings.WordRate * Math.Min(1, (_steps + 1f) / WarmUp) * (1 - ((float)_steps / steps))) + 1e-5f;
        _steps++;
        float meanScale = 1 / (1 - MathF.Pow(keepMean, _steps)), squareScale = 1 / (1 - MathF.Pow(keepSquare, _steps));
        for (int i = 0; i < _weights.Length; i++)
        {
            float g = _gradient[i];
            _mean[i] = (keepMean * _mean[i]) + ((1 - keepMean) * g);
            _square[i] = (keepSquare * _square[i]) + ((1 - keepSquare) * g * g);
            _weights[i] -= rate * _mean[i] * meanScale / (MathF.Sqrt(_square[i] * squareScale) + 1e-8f);
            _gradient[i] = 0;
        }
    }
}
