using System.Collections.Immutable;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>The best labels.</summary>
internal static class LabelRanking
{
    /// <summary>Best first; equal scores in the manifest's order.</summary>
    public static ImmutableArray<LabelScore> Best(float[] probabilities, ImmutableArray<string> labels, int? topK) =>
    [
        .. probabilities.Select((score, index) => new LabelScore(index, labels[index], score))
            .OrderByDescending(label => label.Score)
            .Take(topK ?? labels.Length),
    ];
}
