using System.Numerics;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>
/// How much an answer tells, as the length of a plain code for what is shown of it: a number that is shown with d decimals takes the
/// binary digits of the whole number |v|·10^d (0 takes none), at most its mantissa, and one that is not rounded counts with nine
/// decimals; a label takes log2 of how many there are. Sure
/// answers are short by this measure, unsure ones long.
/// </summary>
public static class AnswerBits
{
    /// <summary>The most that a single-precision number tells.</summary>
    public const int Mantissa = 24;

    private const int MostDecimals = 9;

    private static readonly float[] Powers = [1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f];

    /// <summary>Bits of numbers that all are shown.</summary>
    /// <param name="values">The numbers, unrounded.</param>
    /// <param name="decimals">Decimals that are shown; null is all.</param>
    public static double OfNumbers(ReadOnlySpan<float> values, int? decimals)
    {
        var (power, bits) = (Powers[decimals ?? MostDecimals], 0);
        foreach (var value in values)
        {
            bits += Length(value * power);
        }

        return bits;
    }

    /// <summary>Bits of an answer that chooses among labels: the label's, and those of the scores that are shown.</summary>
    /// <param name="scores">The scores by label, unrounded.</param>
    /// <param name="shown">How many of them are shown, best first.</param>
    /// <param name="decimals">Decimals that are shown; null is all.</param>
    public static double OfScores(ReadOnlySpan<float> scores, int shown, int? decimals)
    {
        var label = Math.Log2(Math.Max(1, scores.Length));
        var (best, sum) = (float.NegativeInfinity, 0f);
        foreach (var score in scores)
        {
            best = MathF.Max(best, score);
            sum += score;
        }

        // Where scores sum to one, the others tell the best one.
        var most = Length(best * Powers[decimals ?? MostDecimals]);
        var all = OfNumbers(scores, decimals) - (MathF.Abs(sum - 1) < 1e-3f ? most : 0);

        // No score that is shown is longer than the best one, and some of them tell no more than all of them.
        return label + (shown < scores.Length ? Math.Min((double)shown * most, all) : all);
    }

    private static int Length(float scaled) =>
        MathF.Abs(scaled) is var size && size < 1 << Mantissa ? 32 - BitOperations.LeadingZeroCount((uint)MathF.Round(size)) : Mantissa;
}
