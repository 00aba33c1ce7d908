using System.Collections.Immutable;

namespace FuncAiSecure.Core.Models;

/// <summary>Where a version stands.</summary>
public enum ModelState
{
    /// <summary>Being verified or loaded.</summary>
    Loading,

    /// <summary>Verified; its session is made when somebody asks.</summary>
    Idle,

    /// <summary>Loaded, proven by its golden tests, warm.</summary>
    Ready,

    /// <summary>Not served; the faults say why.</summary>
    Refused,
}

/// <summary>One version as an operator sees it.</summary>
public sealed record ModelStatus
{
    /// <summary>The model: the folder's name where the manifest could not be read.</summary>
    public required string Name { get; init; }

    /// <summary>The version.</summary>
    public required int Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required ModelState State { get; init; }

    /// <summary>Whether it serves requests that name no version.</summary>
    public bool IsServing { get; init; }

    /// <summary>Its share as a canary, in percent; 0 for all others.</summary>
    public int CanaryPercent { get; init; }

    /// <summary>The manifest; null until it was read, and where it could not be.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>SHA-256 of the manifest; null until it was verified.</summary>
    public string? Digest { get; init; }

    /// <summary>The id of the key that signed it; null where it is not signed.</summary>
    public string? SignedBy { get; init; }

    /// <summary>Memory of its session in bytes; 0 where there is none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Requests that wait for a run; 0 where there is no session.</summary>
    public int Waiting { get; init; }

    /// <summary>What its session has run; null where there is none.</summary>
    public RunCounts? Counts { get; init; }

    /// <summary>Why it is refused; for operators, not for callers.</summary>
    public ImmutableArray<ModelFault> Faults { get; init; } = [];
}

/// <summary>Whether the models let this instance serve.</summary>
/// <param name="IsReady">Every model marked <c>preload</c> is warm, and promotions are known.</param>
/// <param name="Reasons">What is missing, and which promoted version was refused while an older one serves on; for operators.</param>
public sealed record ModelReadiness(bool IsReady, ImmutableArray<string> Reasons);
