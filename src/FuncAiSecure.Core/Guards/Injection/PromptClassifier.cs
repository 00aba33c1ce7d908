using System.Buffers;
using System.Collections.Immutable;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The trained part of the injection guard: a linear model over <see cref="PromptFeatures"/>, and a <see cref="WordNetwork"/> over the words
/// around the window that the linear part finds worst. Sums of weights are kept word by word, so that every window costs a
/// subtraction. The same numbers as the model's ONNX graph gives for a window (golden tests).
/// </summary>
internal sealed class PromptClassifier(float[] weights, float bias, WordNetwork network, float windowCost, ImmutableArray<CalibrationPoint> calibration)
{
    /// <summary>The score of a text that breaks a rule, at least.</summary>
    public const double RuleFloor = 0.97;

    /// <summary>A block with fewer features is scaled as if it had so many: a word or two prove nothing.</summary>
    public const float LeastFeatures = 12;

    /// <summary>The score of a view, 0 to 1: the worst of its windows.</summary>
    public double Score(ReadOnlySpan<char> view, ReadOnlySpan<Token> tokens)
    {
        if (tokens.IsEmpty)
        {
            return 0;
        }

        int length = (tokens.Length + 1) * PromptFeatures.Blocks;
        float[] sums = ArrayPool<float>.Shared.Rent(length);
        int[] counts = ArrayPool<int>.Shared.Rent(length);
        try
        {
            sums.AsSpan(0, length).Clear();
            counts.AsSpan(0, length).Clear();
            Sums sink = new(weights, sums, counts);
            PromptFeatures.Read(view, tokens, ref sink);
            for (int i = PromptFeatures.Blocks; i < length; i++)
            {
                sums[i] += sums[i - PromptFeatures.Blocks];
                counts[i] += counts[i - PromptFeatures.Blocks];
            }

            Worst worst = new(sums, counts);
            PromptWindows.ForEach(tokens.Length, ref worst);

            // Many windows are many chances: the worst of many proves less than the only one.
            float chances = windowCost * MathF.Log(worst.Windows);
            return 1 / (1 + Math.Exp(-(worst.Value + bias - chances + Meant(tokens, worst))));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sums);
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    /// <summary>What the model's ONNX graph computes of its inputs, for golden tests; NaN where a slot or symbol is none.</summary>
    public double ScoreOf(ReadOnlySpan<double> slots, ReadOnlySpan<double> values, ReadOnlySpan<double> symbols, int symbolsAWord)
    {
        double sum = bias + network.Score(symbols, symbolsAWord);
        for (int i = 0; i < slots.Length; i++)
        {
            sum += slots[i] >= 0 && slots[i] < weights.Length ? weights[(int)slots[i]] * values[i] : double.NaN;
        }

        return 1 / (1 + Math.Exp(-sum));
    }

    /// <summary>
    /// The score from which on a text is taken for an attack, at a share of harmless texts of sources that the model never saw;
    /// between the calibrated shares by the logarithm of the share.
    /// </summary>
    public double ThresholdFor(double falsePositiveRate)
    {
        CalibrationPoint above = calibration[0];
        foreach (CalibrationPoint point in calibration)
        {
            if (point.FalsePositiveRate <= falsePositiveRate)
            {
                double span = Math.Log(above.FalsePositiveRate / point.FalsePositiveRate);
                double part = span <= 0 ? 0 : Math.Log(falsePositiveRate / point.FalsePositiveRate) / span;
                return point.Score + (Math.Min(part, 1) * (above.Score - point.Score));
            }

            above = point;
        }

        return calibration[^1].Score;
    }

    private float Meant(ReadOnlySpan<Token> tokens, in Worst worst)
    {
        Span<MeantWord> words = stackalloc MeantWord[WordNetwork.LongestStretch];
        (int from, int to) = WordNetwork.Around(worst.From, worst.To, tokens.Length);
        for (int i = from; i < to; i++)
        {
            words[i - from] = MeantWord.Of(tokens[i]);
        }

        return network.Score(words[..(to - from)]);
    }

    private readonly struct Sums(float[] weights, float[] sums, int[] counts) : IFeatureSink
    {
        public void Add(int token, int block, int slot)
        {
            int at = ((token + 1) * PromptFeatures.Blocks) + block;
            sums[at] += weights[slot];
            counts[at]++;
        }
    }

    private struct Worst(float[] sums, int[] counts) : IWindowVisitor
    {
        public float Value { get; private set; } = float.NegativeInfinity;

        public int From { get; private set; }

        public int To { get; private set; }

        public int Windows { get; private set; }

        public void Visit(int from, int to)
        {
            float score = 0;
            for (int block = 0; block < PromptFeatures.Blocks; block++)
            {
                int first = (from * PromptFeatures.Blocks) + block, last = (to * PromptFeatures.Blocks) + block;
                score += (sums[last] - sums[first]) / MathF.Sqrt(Math.Max(counts[last] - counts[first], LeastFeatures));
            }

            (Value, From, To) = score > Value ? (score, from, to) : (Value, From, To);
            Windows++;
        }
    }
}

/// <summary>A share of harmless texts of left-out sources, and the score that it lies above. Ordered by falling share.</summary>
internal readonly record struct CalibrationPoint(double FalsePositiveRate, double Score);
