using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>What a caller may see of an answer.</summary>
public sealed record OutputPolicy
{
    internal static readonly OutputPolicy Default = new();

    /// <summary>Decimals of floating-point outputs, 0 to 9; null leaves them as they are.</summary>
    public int? Decimals { get; init; }

    /// <summary>The most labels in an answer; null is all.</summary>
    public int? TopK { get; init; }

    /// <summary>Labels that never leave; an answer whose best label is one of them is refused.</summary>
    public ImmutableArray<string> BlockedLabels { get => field.IsDefault ? [] : field; init; }

    /// <summary>Wire names of roles; whoever has one of them gets numbers unrounded and all labels. Blocked labels stay blocked.</summary>
    public ImmutableArray<string> ExactFor { get => field.IsDefault ? [] : field; init; }

    /// <summary>What a principal may learn of the model; null sets no bound. Whoever is in <see cref="ExactFor"/> is not counted.</summary>
    public ExtractionPolicy? Extraction { get; init; }

    /// <summary>This policy with what the budget's steps take from it.</summary>
    /// <param name="step">The index of the step in force; -1 is none.</param>
    public OutputPolicy Reduced(int step)
    {
        var reduced = this;
        for (var i = 0; i <= step; i++)
        {
            var next = Extraction!.InForce[i];
            reduced = reduced with { Decimals = Least(next.Decimals, reduced.Decimals), TopK = Least(next.TopK, reduced.TopK) };
        }

        return reduced;
    }

    private static int? Least(int? left, int? right) => left < right || right is null ? left : right;
}
