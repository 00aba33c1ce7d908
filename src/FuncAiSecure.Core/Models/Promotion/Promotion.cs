namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Which version of a model serves requests that name none: one entry of a model's history, the newest being in force.</summary>
public sealed record Promotion
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The place in the model's history, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The version that serves.</summary>
    public required int Version { get; init; }

    /// <summary>A version that serves a share of the principals; null where there is none.</summary>
    public int? CanaryVersion { get; init; }

    /// <summary>The canary's share of the principals, 0 to 100 percent.</summary>
    public int CanaryPercent { get; init; }

    /// <summary>The entry that a rollback returns to; 0 where there is none.</summary>
    public long RollbackTo { get; init; }

    /// <summary>Whether this entry was made by a rollback.</summary>
    public bool IsRollback { get; init; }

    /// <summary>
    /// The version that <see cref="Version"/> took over from, also while a canary comes and goes beside it; 0 where none was promoted, and
    /// the version itself where a canary follows a rollback to it.
    /// </summary>
    public int PreviousVersion { get; init; }

    /// <summary>Who made it.</summary>
    public required string By { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }
}
