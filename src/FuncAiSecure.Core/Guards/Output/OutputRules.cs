using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Output;

/// <summary>What of a model's numbers and labels may leave, by the manifest's output policy. Works in place.</summary>
public static class OutputRules
{
    /// <summary>How far probabilities of one row may sum away from one.</summary>
    private const float SumTolerance = 1e-3f;

    /// <summary>Whether every number is finite.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a row is a distribution: each value from 0 to 1, the sum one.</summary>
    public static bool AreProbabilities(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            if (!(value >= -SumTolerance && value <= 1 + SumTolerance))
            {
                return false;
            }

            sum += value;
        }

        return row.Length > 0 && Math.Abs(sum - 1) <= SumTolerance;
    }

    /// <summary>Rounds every value to the policy's decimals; a coarser answer tells less about the model's inside.</summary>
    public static void Round(OutputPolicy policy, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Decimals is not { } decimals)
        {
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)Math.Round(values[i], decimals, MidpointRounding.ToEven);
        }
    }

    /// <summary>How many of <paramref name="labels"/> labels an answer may show.</summary>
    public static int Shown(OutputPolicy policy, int labels)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Math.Min(labels, policy.TopK ?? labels);
    }

    /// <summary>Whether a label never leaves.</summary>
    public static bool IsBlocked(OutputPolicy policy, string label)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.BlockedLabels.Contains(label, StringComparer.Ordinal);
    }

    /// <summary>Whether a caller with these roles sees exact numbers and all labels.</summary>
    public static bool IsExactFor(OutputPolicy policy, ReadOnlySpan<string> roles)
    {
        ArgumentNullException.ThrowIfNull(policy);
        foreach (string role in roles)
        {
            if (policy.ExactFor.Contains(role, StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
