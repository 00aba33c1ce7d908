using System.Net;
using FuncAiSecure.Core.Identity.ApiKeys;
using FuncAiSecure.Core.Identity.Certificates;
using FuncAiSecure.Core.Identity.Tokens;

namespace FuncAiSecure.Core.Identity;

/// <summary>Establishes who calls, from one presented credential of any kind.</summary>
public sealed class Authenticator
{
    private readonly ApiKeyAuthenticator _apiKeys;
    private readonly TokenAuthenticator _tokens;
    private readonly CertificateAuthenticator _certificates;

    internal Authenticator(ApiKeyAuthenticator apiKeys, TokenAuthenticator tokens, CertificateAuthenticator certificates)
    {
        _apiKeys = apiKeys;
        _tokens = tokens;
        _certificates = certificates;
    }

    /// <summary>
    /// Authenticates. What was proven before is answered synchronously and without allocation. Refusals:
    /// <see cref="RefusalCode.CredentialInvalid"/> for everything wrong with the credential alike,
    /// <see cref="RefusalCode.RateLimited"/> once a source has failed too often, and
    /// <see cref="RefusalCode.DependencyUnavailable"/> where what decides cannot be asked.
    /// </summary>
    /// <param name="credential">What the caller showed.</param>
    /// <param name="source">The caller's address, see <see cref="Network.ClientAddress"/>; failures are counted by its network.</param>
    /// <param name="cancellationToken">Ends the caller's wait; a question to the vault that others share goes on.</param>
    public ValueTask<AuthenticationResult> AuthenticateAsync(
        in PresentedCredential credential, IPAddress source, CancellationToken cancellationToken) => credential.Kind switch
        {
            CredentialKind.ApiKey => _apiKeys.AuthenticateAsync(credential.Text, source, cancellationToken),
            CredentialKind.Token => _tokens.AuthenticateAsync(credential.Text, source, cancellationToken),
            CredentialKind.Certificate => _certificates.AuthenticateAsync(credential.Text, source, cancellationToken),
            _ => new(IdentityRefusals.Invalid),
        };
}
