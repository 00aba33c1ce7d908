using System.Collections.Immutable;
using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Audit;

/// <summary>How what is on record can have ended. A question about another outcome would be answered by nothing, as if it had never happened.</summary>
public static class AuditOutcomes
{
    /// <summary>A request that was answered.</summary>
    public const string Served = "served";

    /// <summary>A request whose caller went away.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>Requests of callers without a principal that were too many for a record each.</summary>
    public const string Counted = "counted";

    /// <summary>A principal that was put on a lower plan.</summary>
    public const string PlanLowered = "PlanLowered";

    /// <summary>All of them: these, the signals and the refusals.</summary>
    public static ImmutableArray<string> All { get; } =
        [Served, Abandoned, Counted, PlanLowered, .. Enum.GetNames<Signal>(), .. Enum.GetNames<RefusalCode>()];

    /// <summary>Why nothing can be asked about an outcome; null where it is one.</summary>
    public static string? Refuse(string outcome) =>
        All.Contains(outcome) ? null : $"No record has that outcome. There are {string.Join(", ", All)}.";
}
