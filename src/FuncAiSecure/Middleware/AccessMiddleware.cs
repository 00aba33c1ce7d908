using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>Does this principal hold the role for this action on this model and version, from this network?</summary>
internal sealed class AccessMiddleware() : Stage(Stages.Access)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) =>
        new(state.Endpoint.Role is Roles.None ? null : new Refusal(RefusalCode.RoleMissing));
}
