using System.Buffers;
using System.Collections.Immutable;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The trained part of the injection guard: a linear model over <see cref="PromptFeatures"/>. Sums of weights are kept word by word,
/// so that every window costs a subtraction. The same numbers as the model's ONNX graph gives for a window (golden tests).
/// </summary>
internal sealed class PromptClassifier(float[] weights, float bias, float windowCost, ImmutableArray<CalibrationPoint> calibration)
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
            return 1 / (1 + Math.Exp(-(worst.Value + bias - chances)));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(sums);
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    /// <summary>What the model's ONNX graph computes of its inputs, for golden tests; NaN where a slot is none.</summary>
    public double ScoreOf(ReadOnlySpan<double> slots, ReadOnlySpan<double> values)
    {
        double sum = bias;
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

        public int Windows { get; private set; }

        public void Visit(int from, int to)
        {
            float score = 0;
            for (int block = 0; block < PromptFeatures.Blocks; block++)
            {
                int first = (from * PromptFeatures.Blocks) + block, last = (to * PromptFeatures.Blocks) + block;
                score += (sums[last] - sums[first]) / MathF.Sqrt(Math.Max(counts[last] - counts[first], LeastFeatures));
            }

            Value = Math.Max(Value, score);
            Windows++;
        }
    }
}

/// <summary>A share of harmless texts of left-out sources, and the score that it lies above. Ordered by falling share.</summary>
internal readonly record struct CalibrationPoint(double FalsePositiveRate, double Score);
