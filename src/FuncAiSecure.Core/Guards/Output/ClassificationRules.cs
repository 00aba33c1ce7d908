using FuncAiSecure.Core.Inference.Tasks;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Output;

/// <summary>The output policy on a classification.</summary>
public static class ClassificationRules
{
    /// <summary>
    /// What of a classification may leave; null where nothing may: the numbers are no probabilities, or the best label is blocked.
    /// A caller with <paramref name="exact"/> sees unrounded numbers and all labels that are not blocked.
    /// </summary>
    /// <param name="manifest">The model.</param>
    /// <param name="policy">Its output policy, or what an information budget leaves of it.</param>
    /// <param name="result">What the model said.</param>
    /// <param name="exact">Whether the caller is one of <see cref="OutputPolicy.ExactFor"/>.</param>
    public static Classification? Apply(ModelManifest manifest, OutputPolicy policy, Classification result, bool exact)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(result);
        bool sums = manifest.Activation is Activation.Softmax;
        if (result.Best.IsEmpty || !(sums ? OutputRules.AreProbabilities(result.Probabilities) : OutputRules.AreFinite(result.Probabilities))
            || OutputRules.IsBlocked(policy, result.Best[0].Label))
        {
            return null;
        }

        float[] probabilities = [.. result.Probabilities];
        List<LabelScore> best = new(result.Best.Length);
        foreach (LabelScore label in result.Best)
        {
            if (!OutputRules.IsBlocked(policy, label.Label) && (exact || best.Count < OutputRules.Shown(policy, result.Best.Length)))
            {
                best.Add(label);
            }
        }

        if (!exact)
        {
            OutputRules.Round(policy, probabilities);
            for (int i = 0; i < best.Count; i++)
            {
                best[i] = best[i] with { Score = probabilities[best[i].Index] };
            }
        }

        return new Classification(probabilities, [.. best]);
    }
}
