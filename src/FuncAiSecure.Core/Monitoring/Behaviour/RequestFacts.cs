using System.Net;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>What is noted of a finished request.</summary>
/// <param name="Principal">Who called.</param>
/// <param name="Client">Where from.</param>
/// <param name="Model">The model's name in the catalog; null where none was reached.</param>
/// <param name="Version">The model's version.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="InputLength">The body's size in bytes.</param>
public readonly record struct RequestFacts(Principal Principal, IPAddress Client, string? Model, int Version, Ending Ending, int InputLength);

/// <summary>What is noted of one input of a request, and of the model's answer to it.</summary>
/// <param name="Sketch">From <see cref="InputSketch"/>; 0 where the input is not text.</param>
/// <param name="Entropy">Of the answered probabilities, over its largest value: 0 to 1; NaN where there are none.</param>
/// <param name="Label">The index of the best label; -1 where there is none.</param>
public readonly record struct ItemFacts(ulong Sketch, float Entropy, int Label)
{
    /// <summary>The entropy of a distribution over the largest that its length allows; NaN for fewer than two probabilities.</summary>
    public static float EntropyOf(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length < 2)
        {
            return float.NaN;
        }

        var sum = 0f;
        foreach (var p in probabilities)
        {
            sum -= p > 0 ? p * MathF.Log(p) : 0;
        }

        return Math.Clamp(sum / MathF.Log(probabilities.Length), 0, 1);
    }
}
