using System.Collections.Immutable;
using System.Net;

namespace FuncAiSecure.Core.Identity.Access;

/// <summary>The access decision: pure, and "no" unless network, role and model all say yes.</summary>
public static class AccessPolicy
{
    private static readonly Refusal Network = new(RefusalCode.NetworkNotAllowed) { Detail = "Calls from this network are not allowed." };
    private static readonly Refusal Role = new(RefusalCode.RoleMissing) { Detail = "The credential lacks the role for this action." };

    // The same instance whether the model is unknown, hidden, or never was: nothing tells them apart.
    private static readonly Refusal Model = new(RefusalCode.NotFound) { Detail = "There is no such model." };

    /// <summary>May the principal do this?</summary>
    /// <param name="principal">Who asks.</param>
    /// <param name="action">What for.</param>
    /// <param name="model">The model named in the request; null if it names none.</param>
    /// <param name="version">The version named in the request; null for the promoted one.</param>
    /// <param name="client">The caller's address, see <see cref="Identity.Network.ClientAddress"/>.</param>
    /// <returns>Null for yes, else the refusal.</returns>
    public static Refusal? Decide(Principal principal, AccessAction action, string? model, int? version, IPAddress client) =>
        !IsNetworkAllowed(principal, client) ? Network
        : !HasRole(principal, action) ? Role
        : !IsModelAllowed(principal, action, model, version) ? Model
        : null;

    /// <summary>The same decision taken apart, for operators.</summary>
    public static AccessExplanation Explain(Principal principal, AccessAction action, string? model, int? version, IPAddress client) =>
        new(
            Decide(principal, action, model, version, client),
            [
                new("network", IsNetworkAllowed(principal, client), principal.Networks.IsEmpty
                    ? "any network is allowed"
                    : $"allowed networks: {string.Join(", ", principal.Networks)}"),
                new("role", HasRole(principal, action), RoleFor(action) is var role && role == Roles.None
                    ? "no role allows this action"
                    : $"needs {string.Join(", ", RoleNames.Format(role))}; has {Join(RoleNames.Format(principal.Roles))}"),
                new("model", IsModelAllowed(principal, action, model, version), model is null && action == AccessAction.Infer
                    ? "this action takes a model, and none is named"
                    : $"allowed models: {Join(principal.Models)}"),
            ]);

    /// <summary>The role that an action takes; none for a value that is not an action, which nobody may do.</summary>
    public static Roles RoleFor(AccessAction action) => action switch
    {
        AccessAction.Infer or AccessAction.ReadModel or AccessAction.ReadOwnUsage => Roles.Infer,
        AccessAction.ManageKeys => Roles.ManageKeys,
        AccessAction.ManageModels => Roles.ManageModels,
        AccessAction.ManageQuotas => Roles.ManageQuotas,
        AccessAction.ReadUsage => Roles.ReadUsage,
        AccessAction.ReadAudit => Roles.ReadAudit,
        AccessAction.ReadPayloads => Roles.ReadPayloads,
        AccessAction.DebugTiming => Roles.DebugTiming,
        _ => Roles.None,
    };

    /// <summary>May the principal see this model at all? For lists.</summary>
    public static bool CanSee(Principal principal, string model)
    {
        foreach (var pattern in principal.Models)
        {
            if (ModelPattern.Covers(pattern.AsSpan().Contains('@') ? pattern[..pattern.IndexOf('@', StringComparison.Ordinal)] : pattern, model, null))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasRole(Principal principal, AccessAction action)
    {
        var role = RoleFor(action);
        return role != Roles.None && (principal.Roles & role) == role;
    }

    private static bool IsModelAllowed(Principal principal, AccessAction action, string? model, int? version)
    {
        if (model is null)
        {
            // Running a model takes a model; everything else may be about none in particular.
            return action != AccessAction.Infer;
        }

        foreach (var pattern in principal.Models)
        {
            if (ModelPattern.Covers(pattern, model, version))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNetworkAllowed(Principal principal, IPAddress client)
    {
        if (principal.Networks.IsEmpty)
        {
            return true;
        }

        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        foreach (var network in principal.Networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static string Join(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "none";
}

/// <summary>A decision with its reasons.</summary>
/// <param name="Refusal">Null for allowed.</param>
/// <param name="Checks">Every check, in the order in which they decide.</param>
public sealed record AccessExplanation(Refusal? Refusal, ImmutableArray<AccessCheck> Checks);

/// <summary>One check of a decision.</summary>
/// <param name="Name">What is checked: network, role or model.</param>
/// <param name="Passed">Did it say yes?</param>
/// <param name="Reason">Why, for operators.</param>
public readonly record struct AccessCheck(string Name, bool Passed, string Reason);
