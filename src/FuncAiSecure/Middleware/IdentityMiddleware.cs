using System.Collections.Immutable;
using System.Net;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Network;
using FuncAiSecure.Http;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Middleware;

/// <summary>
/// One credential, one principal; where a gateway stands in front, the gateway's own token first. Stands before the body is
/// read: a stranger costs a hash, not memory.
/// </summary>
internal sealed class IdentityMiddleware(
    Authenticator authenticator,
    GatewayCheck gateway,
    IOptions<NetworkOptions> network,
    IOptions<GatewayOptions> gatewayOptions,
    IOptions<CertificatesOptions> certificates) : Stage(Stages.Identity)
{
    private readonly ImmutableArray<IPNetwork> _trusted = [.. network.Value.TrustedProxies.Select(IPNetwork.Parse)];
    private readonly string _forwardedFor = network.Value.ForwardedForHeader;
    private readonly string _gatewayHeader = gatewayOptions.Value.Header;
    private readonly string? _certificateHeader = certificates.Value.RootFiles.Length > 0 ? certificates.Value.Header : null;

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        var peer = state.Http.Connection.RemoteIpAddress ?? IPAddress.None;
        state.ClientAddress = _trusted.IsEmpty
            ? peer
            : ClientAddress.Resolve(peer, state.Http.Request.Headers[_forwardedFor], _trusted);
        return state.Endpoint.Action is null ? default
            : gateway.IsRequired ? CheckGatewayAsync(state, peer)
            : AuthenticateAsync(state, peer);
    }

    // Failures count for the caller: the connection's other end is the gateway's or the host's own address for everybody, and whoever
    // can reach the app past the gateway would lock all of them out.
    private async ValueTask<Refusal?> CheckGatewayAsync(RequestState state, IPAddress peer) =>
        await gateway.CheckAsync(state.Http.Request.Headers[_gatewayHeader], state.ClientAddress, state.Cancellation).ConfigureAwait(false)
        ?? await AuthenticateAsync(state, peer).ConfigureAwait(false);

    private ValueTask<Refusal?> AuthenticateAsync(RequestState state, IPAddress peer)
    {
        // Anybody can write a certificate into a header; only the front end has seen its key proven.
        var certificateHeader = _certificateHeader is not null && ClientAddress.IsTrusted(peer, _trusted) ? _certificateHeader : null;
        if (CredentialReader.Read(state.Http.Request.Headers, certificateHeader, out var credential) is { } refusal)
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
