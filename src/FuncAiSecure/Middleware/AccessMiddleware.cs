using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Does this principal hold the role for this action on this model and version, from this network? Then holds the version, so
/// that a model that does not exist and one that the caller may not see end at the same place.
/// </summary>
internal sealed class AccessMiddleware(ModelCatalog catalog) : Stage(Stages.Access)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Endpoint.Action is not { } action)
        {
            return default;
        }

        var refusal = ModelBinding.ReadRoute(state) ?? AccessPolicy.Decide(state.Principal!, action, state.ModelName, state.RequestedVersion, state.ClientAddress);
        return new(refusal ?? (state.Endpoint.NamesModel ? ModelBinding.Hold(state, catalog) : null));
    }
}
