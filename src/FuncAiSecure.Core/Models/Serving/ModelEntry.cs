using System.Collections.Frozen;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>One model at one moment: its versions, and which of them serves requests that name none. Replaced as a whole.</summary>
internal sealed record ModelEntry
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its versions.</summary>
    public required FrozenDictionary<int, ModelSlot> Slots { get; init; }

    /// <summary>The version that serves; null where there is none that may.</summary>
    public ModelSlot? Serving { get; init; }

    /// <summary>The version that serves a share of the principals; null where there is none.</summary>
    public ModelSlot? CanarySlot { get; init; }

    /// <summary>The canary's share in percent.</summary>
    public int CanaryPercent { get; init; }

    /// <summary>What is not as it was promoted, for operators; null where all is.</summary>
    public string? Note { get; init; }
}
