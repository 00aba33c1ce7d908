using System.Collections.Frozen;
using System.Net;
using FuncAiSecure.Core.Identity.Tokens;

namespace FuncAiSecure.Core.Identity;

/// <summary>
/// Demands, where configured, that a request comes with the gateway's own token: being inside the network proves nothing, and a
/// caller's key alone does not pass.
/// </summary>
public sealed class GatewayCheck
{
    private const string Bearer = "Bearer ";
    private static readonly Refusal Missing = new(RefusalCode.CredentialMissing);

    private readonly FrozenSet<string> _principals;
    private readonly TokenAuthenticator _tokens;

    internal GatewayCheck(GatewayOptions options, TokenAuthenticator tokens)
    {
        _principals = options.Principals.ToFrozenSet(StringComparer.Ordinal);
        _tokens = tokens;
    }

    /// <summary>Is a gateway asked for at all?</summary>
    public bool IsRequired => _principals.Count > 0;

    /// <summary>Checks the gateway's header; null lets the request go on.</summary>
    /// <param name="header">The value of the configured header; null if absent.</param>
    /// <param name="source">The caller's address, whose network's failures are counted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Refusal?> CheckAsync(string? header, IPAddress source, CancellationToken cancellationToken) =>
        !IsRequired ? default
        : header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? new(Missing)
        : Await(_tokens.AuthenticateAsync(header[Bearer.Length..], source, cancellationToken));

    private async ValueTask<Refusal?> Await(ValueTask<AuthenticationResult> result)
    {
        var gateway = await result.ConfigureAwait(false);
        return !gateway.IsAuthenticated ? gateway.Refusal
            : _principals.Contains(gateway.Principal.Id.Value) ? null
            : IdentityRefusals.Invalid;
    }
}
