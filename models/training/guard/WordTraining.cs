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
    private const int Rest = WordNetwork.Inputs - WordVectors.Size;
    private const int LayerEnd = NarrowLength + ((Narrow + Rest) * Units);
    private const int Length = LayerEnd + Pooled + 1;
    private const float MostDropped = 0.2f;
    private const float DroppedMeanings = 0.5f;
    private const float DroppedUnits = 0.3f;
    private const int WarmUp = 100;

    // The narrow matrix, the layer, the output, the bias: one array, so that one rule moves them all.
    private readonly float[] _weights = new float[Length];
    private readonly float[] _gradient = new float[Length];
    private readonly float[] _mean = new float[Length];
    private readonly float[] _square = new float[Length];
    private readonly TrainingSettings _settings;
    private readonly float[] _hidden = new float[WordNetwork.LongestStretch * Units];
    private readonly float[] _narrow = new float[WordNetwork.LongestStretch * Narrow];
    private readonly MeantWord[] _kept = new MeantWord[WordNetwork.LongestStretch];
    private SplitMix _random;
    private int _steps;

    private WordTraining(TrainingSettings settings)
    {
        (_settings, _random) = (settings, new SplitMix(settings.Seed + 1));
        for (int i = 0; i < Length - 1; i++)
        {
            _weights[i] = ((2 * Uniform()) - 1) / MathF.Sqrt(i < NarrowLength ? WordVectors.Size : i < LayerEnd ? Narrow + Rest : Pooled);
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

        float[] output = [.. training._weights[LayerEnd..^1].Select(w => w * settings.WordShare)];
        return (new WordNetwork(training.Layer(), output), training._weights[^1] * settings.WordShare);
    }

    /// <summary>The narrow matrix and the layer behind it as one layer.</summary>
    private float[] Layer()
    {
        float[] layer = new float[WordNetwork.Inputs * Units];
        for (int i = 0; i < WordVectors.Size; i++)
        {
            for (int n = 0; n < Narrow; n++)
            {
                Add(layer.AsSpan(i * Units, Units), _weights[(i * Narrow) + n], _weights.AsSpan(NarrowLength + (n * Units), Units));
            }
        }

        _weights.AsSpan(NarrowLength + (Narrow * Units), Rest * Units).CopyTo(layer.AsSpan(WordVectors.Size * Units));
        return layer;
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
            Span<float> hidden = _hidden.AsSpan(i * Units, Units);
            Forward(_kept[i], _narrow.AsSpan(i * Narrow, Narrow), hidden);
            for (int k = 0; k < Units; k++)
            {
                hidden[k] = Math.Max(0, hidden[k]);
                sum[k] += hidden[k];
                (most[k], at[k]) = hidden[k] > most[k] ? (hidden[k], i) : (most[k], at[k]);
            }
        }

        float share = 1f / Math.Max(words.Length, WordNetwork.LeastWords), score = _weights[^1];
        Span<float> kept = stackalloc float[Pooled];
        for (int k = 0; k < Pooled; k++)
        {
            kept[k] = Uniform() < DroppedUnits ? 0 : 1 / (1 - DroppedUnits);
            score += _weights[LayerEnd + k] * kept[k] * (k < Units ? most[k] : sum[k - Units] * share);
        }

        // Backward.
        float error = ((1 / (1 + MathF.Exp(-score))) - (attack ? 1 : 0)) * weight;
        _gradient[^1] += error;
        Span<float> toMost = stackalloc float[Units], toSum = stackalloc float[Units], to = stackalloc float[Units];
        for (int k = 0; k < Units; k++)
        {
            _gradient[LayerEnd + k] += error * kept[k] * most[k];
            _gradient[LayerEnd + Units + k] += error * kept[Units + k] * sum[k] * share;
            toMost[k] = error * kept[k] * _weights[LayerEnd + k];
            toSum[k] = error * kept[Units + k] * _weights[LayerEnd + Units + k] * share;
        }

        for (int i = 0; i < words.Length; i++)
        {
            for (int k = 0; k < Units; k++)
            {
                to[k] = _hidden[(i * Units) + k] > 0 ? toSum[k] + (at[k] == i ? toMost[k] : 0) : 0;
            }

            Backward(_kept[i], _narrow.AsSpan(i * Narrow, Narrow), to);
        }
    }

    private void Forward(MeantWord word, Span<float> narrow, Span<float> hidden)
    {
        narrow.Clear();
        ReadOnlySpan<sbyte> vector = word.Row < 0 ? [] : WordVectors.Row(word.Row);
        for (int i = 0; i < vector.Length; i++)
        {
            Add(narrow, vector[i] * WordVectors.Step, _weights.AsSpan(i * Narrow, Narrow));
        }

        RowOf(_weights, WordNetwork.Constant).CopyTo(hidden);
        for (int n = 0; n < Narrow && word.Row >= 0; n++)
        {
            Add(hidden, narrow[n], _weights.AsSpan(NarrowLength + (n * Units), Units));
        }

        for (uint rest = WordNetwork.Flags(word); rest != 0; rest &= rest - 1)
        {
            Add(hidden, 1, RowOf(_weights, WordVectors.Size + BitOperations.TrailingZeroCount(rest)));
        }
    }

    /// <summary>Adds a word's share to the gradient, from what its units ought to change by.</summary>
    private void Backward(MeantWord word, ReadOnlySpan<float> narrow, ReadOnlySpan<float> to)
    {
        Add(RowOf(_gradient, WordNetwork.Constant), 1, to);
        for (uint rest = WordNetwork.Flags(word); rest != 0; rest &= rest - 1)
        {
            Add(RowOf(_gradient, WordVectors.Size + BitOperations.TrailingZeroCount(rest)), 1, to);
        }

        if (word.Row < 0)
        {
            return;
        }

        Span<float> toNarrow = stackalloc float[Narrow];
        for (int n = 0; n < Narrow; n++)
        {
            int row = NarrowLength + (n * Units);
            Add(_gradient.AsSpan(row, Units), narrow[n], to);
            float sum = 0;
            for (int k = 0; k < Units; k++)
            {
                sum += _weights[row + k] * to[k];
            }

            toNarrow[n] = sum;
        }

        ReadOnlySpan<sbyte> vector = WordVectors.Row(word.Row);
        for (int i = 0; i < vector.Length; i++)
        {
            Add(_gradient.AsSpan(i * Narrow, Narrow), vector[i] * WordVectors.Step, toNarrow);
        }
    }

    /// <summary>The layer's row of an input behind the vector.</summary>
    private static Span<float> RowOf(float[] values, int input) => values.AsSpan(NarrowLength + ((Narrow + input - WordVectors.Size) * Units), Units);

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
