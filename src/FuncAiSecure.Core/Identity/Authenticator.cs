using System.Net;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Core.Identity;

/// <summary>Establishes who calls, from one presented credential of any kind.</summary>
public sealed class Authenticator
{
    private readonly ApiKeyAuthenticator _apiKeys;

    internal Authenticator(ApiKeyAuthenticator apiKeys)
    {
        _apiKeys = apiKeys;
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
            _ => new(IdentityRefusals.Invalid),
        };
}
