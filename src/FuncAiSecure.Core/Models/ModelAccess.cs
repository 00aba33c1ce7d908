using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Models;

/// <summary>What a manifest itself asks of callers, beside what access has decided.</summary>
public static class ModelAccess
{
    /// <summary>Whether the principal has every role that the manifest names. A name that is no role is had by nobody.</summary>
    public static bool Admits(this ModelManifest manifest, Principal principal)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(principal);
        foreach (var name in manifest.Roles)
        {
            if (!RoleNames.TryParse(name, out var role) || (principal.Roles & role) != role)
            {
                return false;
            }
        }

        return true;
    }
}
