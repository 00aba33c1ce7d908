using System.Collections.Frozen;

namespace FuncAiSecure.Core.Quotas.Plans;

/// <summary>A validated policy.</summary>
internal sealed class Policy
{
    public required string Name { get; init; }
    public required PolicyWindow Window { get; init; }
    public required QuotaUnit Unit { get; init; }
    public required long Amount { get; init; }
    public double RefillPerSecond { get; init; }

    /// <summary>Null: every model.</summary>
    public FrozenSet<string>? Models { get; init; }
    public bool Shadow { get; init; }
    public long EmergencyAllowance { get; init; }

    public bool IsCounted => Window >= PolicyWindow.Minute;

    /// <summary>A request that names no model (a list, its own usage) counts only where every model does.</summary>
    public bool AppliesTo(string? model) => Models is null || (model is not null && Models.Contains(model));
}
