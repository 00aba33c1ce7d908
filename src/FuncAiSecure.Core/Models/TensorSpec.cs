using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>One input or output of the graph.</summary>
public sealed record TensorSpec
{
    /// <summary>The name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>The element type.</summary>
    public required Datatype Datatype { get; init; }

    /// <summary>The dimensions, -1 where a request decides. Dimension 0 is the batch where it is -1.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>What elements may be; null means anything finite. Only inputs have limits.</summary>
    public TensorLimits? Limits { get; init; }
}

/// <summary>What the elements of an input may be.</summary>
public sealed record TensorLimits
{
    /// <summary>The smallest number allowed, inclusive.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest number allowed, inclusive.</summary>
    public double? Maximum { get; init; }

    /// <summary>The longest element of a BYTES tensor, in UTF-16 code units.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The texts allowed in a BYTES tensor, compared by ordinal; empty means any.</summary>
    public ImmutableArray<string> AllowedValues { get => field.IsDefault ? [] : field; init; }

    /// <summary>The numbers allowed in a numeric tensor; empty means any.</summary>
    public ImmutableArray<double> AllowedNumbers { get => field.IsDefault ? [] : field; init; }

    /// <summary><see cref="AllowedValues"/> to look up; a request may have many elements, and there may be thousands of values.</summary>
    internal FrozenSet<string> AllowedTexts => field ??= AllowedValues.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The largest size of each dimension that <see cref="TensorSpec.Shape"/> leaves open, by position; empty means any.</summary>
    public ImmutableArray<long> MaxShape { get => field.IsDefault ? [] : field; init; }
}
