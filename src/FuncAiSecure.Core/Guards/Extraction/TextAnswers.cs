using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>Classifications of texts.</summary>
/// <param name="Texts">The inputs.</param>
/// <param name="Results">What the model said.</param>
/// <param name="AreIndependent">Whether labels do not exclude each other.</param>
public readonly record struct ClassifiedTexts(IReadOnlyList<string> Texts, IReadOnlyList<Classification> Results, bool AreIndependent = false) : IAnswers
{
    /// <inheritdoc />
    public int Count => Results.Count;

    /// <inheritdoc />
    public AnswerFacts FactsOf(int index) => AreIndependent
        ? AnswerFacts.OfIndependent(InputSketch.Of(Texts[index]), Results[index].Probabilities)
        : AnswerFacts.Of(InputSketch.Of(Texts[index]), Results[index].Probabilities);

    /// <inheritdoc />
    public double BitsOf(int index, OutputPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var (scores, best) = Results[index];
        return AnswerBits.OfScores(scores, Math.Min(best.Length, policy.TopK ?? best.Length), policy.Decimals);
    }
}

/// <summary>Embeddings of texts, or of token ids, which have no sketch.</summary>
/// <param name="Texts">The inputs; empty for token ids.</param>
/// <param name="Vectors">The embeddings.</param>
public readonly record struct EmbeddedTexts(IReadOnlyList<string> Texts, IReadOnlyList<float[]> Vectors) : IAnswers
{
    /// <inheritdoc />
    public int Count => Vectors.Count;

    /// <inheritdoc />
    public AnswerFacts FactsOf(int index) => new(index < Texts.Count ? InputSketch.Of(Texts[index]) : 0, -1, float.NaN);

    /// <inheritdoc />
    public double BitsOf(int index, OutputPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return AnswerBits.OfNumbers(Vectors[index], policy.Decimals);
    }
}

/// <summary>Scores of documents for a query. The order alone tells something as well; it is not counted.</summary>
/// <param name="Texts">The query, then the documents.</param>
/// <param name="Results">The documents' scores.</param>
public readonly record struct RankedTexts(IReadOnlyList<string> Texts, IReadOnlyList<RankedText> Results) : IAnswers
{
    /// <inheritdoc />
    public int Count => Results.Count;

    /// <inheritdoc />
    public AnswerFacts FactsOf(int index) => new(InputSketch.Of(Texts[Results[index].Index + 1]) ^ (InputSketch.Of(Texts[0]) << 1), -1, float.NaN);

    /// <inheritdoc />
    public double BitsOf(int index, OutputPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return AnswerBits.OfNumbers([Results[index].Score], policy.Decimals);
    }
}
