using System.Globalization;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Models;
using Microsoft.AspNetCore.Routing;

namespace FuncAiSecure.Http;

/// <summary>Finds out which model a request is about, and holds the version for it.</summary>
internal static class ModelBinding
{
    /// <summary>Takes the model's name and version from the route, unless the body has named them; a refusal if no version has that name.</summary>
    public static Refusal? ReadRoute(RequestState state)
    {
        state.ModelName ??= state.Http.GetRouteValue("model") as string;
        if (state.Http.GetRouteValue("version") is not string version)
        {
            return null;
        }

        // The route's constraint has let whole numbers above 0 through only, but in other spellings too: signs, blanks, zeros in front.
        var number = int.Parse(version, CultureInfo.InvariantCulture);
        state.RequestedVersion = number;
        return version == number.ToString(CultureInfo.InvariantCulture) ? null : new Refusal(RefusalCode.NotFound) { Detail = "There is no such model." };
    }

    /// <summary>Holds the version that the request runs on, from here to its end. Call after access was granted.</summary>
    public static Refusal? Hold(RequestState state, ModelCatalog catalog)
    {
        if (state.ModelName is not { } name || state.Principal is not { } principal)
        {
            return new Refusal(RefusalCode.NotFound);
        }

        state.Model = catalog.Resolve(name, state.RequestedVersion, principal.Id, out var refusal);
        if (state.Model is not null)
        {
            if (!state.Model.Manifest.Admits(principal))
            {
                return new Refusal(RefusalCode.RoleMissing) { Detail = "The credential lacks a role that this model asks for." };
            }

            state.Http.Response.Headers["x-model-version"] = state.Model.Version.ToString(CultureInfo.InvariantCulture);
        }

        return refusal;
    }
}
