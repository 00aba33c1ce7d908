using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>The answers of one request, one for each input, as the budget sees them. A structure, so that asking allocates nothing.</summary>
public interface IAnswers
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>What is charged by.</summary>
    AnswerFacts FactsOf(int index);

    /// <summary>How much the answer tells under a policy, in bits.</summary>
    double BitsOf(int index, OutputPolicy policy);
}

/// <summary>What is noted of an input and its answer.</summary>
/// <param name="Sketch">The input's sketch; 0 where it has none.</param>
/// <param name="Label">The best label; -1 where there is none.</param>
/// <param name="Margin">By how much the best label leads the next one, or an independent one leads its opposite; NaN where there are no labels.</param>
public readonly record struct AnswerFacts(ulong Sketch, int Label, float Margin)
{
    /// <summary>The facts of an answer that gives each label a probability of its own: the margin is that of the least sure one.</summary>
    public static AnswerFacts OfIndependent(ulong sketch, ReadOnlySpan<float> scores)
    {
        var margin = float.NaN;
        foreach (var score in scores)
        {
            margin = float.MinNumber(margin, MathF.Abs((2 * score) - 1));
        }

        return Of(sketch, scores) with { Margin = margin };
    }

    /// <summary>The facts of an answer that chooses among labels.</summary>
    public static AnswerFacts Of(ulong sketch, ReadOnlySpan<float> scores)
    {
        var (label, best, next) = (-1, float.NegativeInfinity, float.NegativeInfinity);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > best)
            {
                (label, best, next) = (i, scores[i], best);
            }
            else
            {
                next = MathF.Max(next, scores[i]);
            }
        }

        return new AnswerFacts(sketch, label, scores.Length < 2 ? float.NaN : best - next);
    }
}
