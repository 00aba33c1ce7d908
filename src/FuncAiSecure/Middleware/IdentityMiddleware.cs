using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>One credential, one principal. Stands before the body is read: a stranger costs a hash, not memory.</summary>
internal sealed class IdentityMiddleware() : Stage(Stages.Identity)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state) =>
        new(state.Endpoint.Role is Roles.None ? null : new Refusal(RefusalCode.CredentialMissing));
}
