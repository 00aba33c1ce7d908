using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>How and from what a model was made.</summary>
public sealed record ModelProvenance
{
    /// <summary>Who made it and with what: a script of this repository, a public model's address.</summary>
    public required string Source { get; init; }

    /// <summary>The data and its licence.</summary>
    public required string Data { get; init; }

    /// <summary>The method, in a sentence.</summary>
    public required string Method { get; init; }

    /// <summary>What it reached on data that it was not fitted to.</summary>
    public ImmutableArray<ModelEvaluation> Evaluation { get => field.IsDefault ? [] : field; init; }
}

/// <summary>One measured figure.</summary>
public sealed record ModelEvaluation
{
    /// <summary>What was measured: <c>accuracy</c>, <c>macro-f1</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>The figure.</summary>
    public required double Value { get; init; }

    /// <summary>On what it was measured, with the number of rows.</summary>
    public required string On { get; init; }
}
