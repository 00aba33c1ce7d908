using System.Collections.Immutable;
using System.Net;
using FuncAiSecure.Core.Identity.Access;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Checks what a new key is to be, and names every fault.</summary>
internal static class ApiKeyRequestCheck
{
    private const int MaxName = 100;
    private const int MaxModels = 64;
    private const int MaxNetworks = 64;
    private const int MaxPlan = 64;

    /// <summary>Gives the roles asked for, or the refusal.</summary>
    public static Refusal? Check(ApiKeyRequest request, KeyActor actor, DateTimeOffset now, out Roles roles)
    {
        roles = Roles.None;
        var faults = ImmutableArray.CreateBuilder<InputError>();
        AddIf(!PrincipalId.TryParse(request.Principal, out _), "/principal", $"must be {PrincipalId.Form}");
        AddIf(request.Name.Length > MaxName || request.Name.Any(char.IsControl), "/name", "must be at most 100 characters, none of control");
        AddIf(request.Roles.IsDefaultOrEmpty, "/roles", "must name at least one role");
        for (var i = 0; i < (request.Roles.IsDefault ? 0 : request.Roles.Length); i++)
        {
            AddIf(!RoleNames.TryParse(request.Roles[i], out var role), $"/roles/{i}", "is not a role");
            roles |= role;
        }

        AddIf(request.Models.Length > MaxModels, "/models", "has too many entries");
        for (var i = 0; i < request.Models.Length; i++)
        {
            AddIf(!ModelPattern.IsValid(request.Models[i]), $"/models/{i}", "is not a model name or a prefix with a trailing *");
        }

        AddIf(request.Networks.Length > MaxNetworks, "/networks", "has too many entries");
        for (var i = 0; i < request.Networks.Length; i++)
        {
            AddIf(!IPNetwork.TryParse(request.Networks[i], out _), $"/networks/{i}", "is not a network in CIDR form");
        }

        AddIf(request.Plan is { Length: 0 or > MaxPlan }, "/plan", "must be 1 to 64 characters");
        AddIf(request.Expires <= now, "/expires", "must be in the future");
        AddIf(request.Expires <= request.NotBefore, "/expires", "must be after not_before");

        return faults.Count > 0
            ? new Refusal(RefusalCode.InputInvalid) { Detail = Describe(faults), Errors = faults.ToImmutable() }
            : CheckGrant(roles, actor);

        void AddIf(bool faulty, string pointer, string message)
        {
            if (faulty)
            {
                faults.Add(new InputError(pointer, message));
            }
        }
    }

    /// <summary>Refuses to hand on a role that the actor does not have.</summary>
    public static Refusal? CheckGrant(Roles roles, KeyActor actor) => (roles & ~actor.Roles) == 0
        ? null
        : new Refusal(RefusalCode.RoleMissing) { Detail = "A role that you do not have cannot be granted." };

    private static string Describe(IEnumerable<InputError> faults) =>
        string.Join("; ", faults.Select(fault => $"{fault.Pointer} {fault.Message}"));
}
