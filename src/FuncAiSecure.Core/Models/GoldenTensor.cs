using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>A tensor of a golden test: small, flat, row-major.</summary>
public sealed record GoldenTensor
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The element type.</summary>
    public required Datatype Datatype { get; init; }

    /// <summary>The dimensions, all of them known.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>The elements of a numeric or BOOL (0 or 1) tensor; empty for BYTES.</summary>
    public ImmutableArray<double> Numbers { get => field.IsDefault ? [] : field; init; }

    /// <summary>The elements of a BYTES tensor; empty for others.</summary>
    public ImmutableArray<string> Texts { get => field.IsDefault ? [] : field; init; }
}
