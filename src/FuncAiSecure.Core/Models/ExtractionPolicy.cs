using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>How much of a model each principal may learn from its answers, and how answers become poorer on the way there.</summary>
public sealed record ExtractionPolicy
{
    /// <summary>The hours over which a whole budget refills, where a manifest does not say: a week.</summary>
    public const int DefaultWindowHours = 168;

    private static readonly ImmutableArray<ExtractionStep> DefaultSteps =
    [
        new() { At = 0.5, Decimals = 2 },
        new() { At = 0.8, Decimals = 0, TopK = 1 },
        new() { At = 1, Refuse = true },
    ];

    /// <summary>What a principal may learn at once, in weighted bits of answers: at least 1.</summary>
    public required double Budget { get; init; }

    /// <summary>Hours over which a whole budget refills, steadily: 1 to 8,760; null is <see cref="DefaultWindowHours"/>.</summary>
    public int? WindowHours { get; init; }

    /// <summary>What answers lose, by the share of the budget that is spent; none given stands for the default ones.</summary>
    public ImmutableArray<ExtractionStep> Steps { get => field.IsDefault ? [] : field; init; }

    /// <summary>The steps that are in force.</summary>
    internal ImmutableArray<ExtractionStep> InForce => Steps.IsEmpty ? DefaultSteps : Steps;

    /// <summary>The share of the budget that comes back in a second.</summary>
    internal double Refill => 1 / ((WindowHours ?? DefaultWindowHours) * 3_600.0);
}

/// <summary>What answers lose from a share of the budget on. A member that is absent stays as the step before has it.</summary>
public sealed record ExtractionStep
{
    /// <summary>The share of the budget from which on the step holds, 0 to 1.</summary>
    public required double At { get; init; }

    /// <summary>Decimals of floating-point outputs, 0 to 9.</summary>
    public int? Decimals { get; init; }

    /// <summary>The most labels in an answer.</summary>
    public int? TopK { get; init; }

    /// <summary>Nothing is answered any more; only in the last step.</summary>
    public bool? Refuse { get; init; }
}
