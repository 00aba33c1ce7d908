using System.Collections.Frozen;

namespace FuncAiSecure.Core.Identity;

/// <summary>The wire names of <see cref="Roles"/>.</summary>
public static class RoleNames
{
    private static readonly FrozenDictionary<string, Roles> ByName = new Dictionary<string, Roles>(StringComparer.Ordinal)
    {
        ["infer"] = Roles.Infer,
        ["manage.keys"] = Roles.ManageKeys,
        ["manage.models"] = Roles.ManageModels,
        ["manage.quotas"] = Roles.ManageQuotas,
        ["read.usage"] = Roles.ReadUsage,
        ["read.audit"] = Roles.ReadAudit,
        ["read.payloads"] = Roles.ReadPayloads,
        ["debug.timing"] = Roles.DebugTiming,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every role name, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByName.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    /// <summary>Reads one role name; false for a name that does not exist.</summary>
    public static bool TryParse(string name, out Roles role) => ByName.TryGetValue(name, out role);

    /// <summary>Writes a set of roles as names, in the order of the enumeration.</summary>
    public static IEnumerable<string> Format(Roles roles) =>
        ByName.Where(pair => (roles & pair.Value) != 0).OrderBy(pair => pair.Value).Select(pair => pair.Key);
}
