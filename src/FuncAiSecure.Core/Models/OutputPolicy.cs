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
}
