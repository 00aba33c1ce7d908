using System.Collections.Immutable;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>What text-classification says of a text.</summary>
/// <param name="Probabilities">By label, in the manifest's order.</param>
/// <param name="Best">Best first, as many as were asked for.</param>
public sealed record Classification(float[] Probabilities, ImmutableArray<LabelScore> Best);

/// <summary>A label with its probability.</summary>
/// <param name="Index">The label's place in the manifest.</param>
/// <param name="Label">The label.</param>
/// <param name="Score">Its probability.</param>
public readonly record struct LabelScore(int Index, string Label, float Score);

/// <summary>A stretch of text to which token-classification gives a label.</summary>
/// <param name="Label">The label, without the prefix that tells first from further tokens.</param>
/// <param name="Score">The mean probability of its tokens.</param>
/// <param name="Start">Where it starts, in UTF-16 code units.</param>
/// <param name="End">Where it ends (exclusive), in UTF-16 code units.</param>
public readonly record struct LabelledSpan(string Label, float Score, int Start, int End);

/// <summary>What rerank says of a text.</summary>
/// <param name="Index">The text's place in the request.</param>
/// <param name="Score">How well it answers the query.</param>
public readonly record struct RankedText(int Index, float Score);
