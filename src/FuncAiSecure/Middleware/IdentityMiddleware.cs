using System.Collections.Immutable;
using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Network;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>One credential, one principal. Stands before the body is read: a stranger costs a hash, not memory.</summary>
internal sealed class IdentityMiddleware(Authenticator authenticator, IOptions<NetworkOptions> network) : Stage(Stages.Identity)
{
    private readonly ImmutableArray<IPNetwork> _trusted = [.. network.Value.TrustedProxies.Select(IPNetwork.Parse)];
    private readonly string _forwardedFor = network.Value.ForwardedForHeader;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        var request = state.Http.Request;
        var peer = state.Http.Connection.RemoteIpAddress ?? IPAddress.None;
        state.ClientAddress = _trusted.IsEmpty ? peer : ClientAddress.Resolve(peer, request.Headers[_forwardedFor], _trusted);
        if (state.Endpoint.Role is Roles.None)
        {
            return default;
        }

        if (CredentialReader.Read(request.Headers, certificateHeader: null, out var credential) is { } refusal)
        {
            return new(refusal);
        }

        var result = authenticator.AuthenticateAsync(credential, state.ClientAddress, state.Cancellation);
        return result.IsCompletedSuccessfully ? new(Accept(state, result.Result)) : AwaitAsync(state, result);
    }

    private static async ValueTask<Refusal?> AwaitAsync(RequestState state, ValueTask<AuthenticationResult> result) =>
        Accept(state, await result.ConfigureAwait(false));

    private static Refusal? Accept(RequestState state, AuthenticationResult result)
    {
        state.Principal = result.Principal;
        return result.Refusal;
    }
}
