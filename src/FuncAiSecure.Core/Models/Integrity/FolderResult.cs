using System.Collections.Immutable;
using FuncAiSecure.Core.Models.Golden;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>What reading a folder gave.</summary>
public sealed record FolderResult
{
    /// <summary>The verified content; null where there are faults.</summary>
    public ModelFolder? Folder { get; init; }

    /// <summary>The manifest, also where only other files are at fault; null where the manifest itself is.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>Everything that is wrong; empty where the folder may be served.</summary>
    public required ImmutableArray<ModelFault> Faults { get; init; }

    /// <summary>Whether what is wrong may pass although the folder stays as it is: it could not be read this time.</summary>
    internal bool MayPass { get; init; }

    /// <summary>The golden tests; null where there are faults.</summary>
    internal GoldenFile? Golden { get; init; }
}
