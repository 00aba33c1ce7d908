using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Audit;

/// <summary>The trail's secret in Key Vault; versions that were read once are kept, because a version never changes.</summary>
public sealed class VaultAuditSecrets(SecretClient vault, string secretName) : IAuditSecrets
{
    private const int MaxVersionLength = 64;

    private readonly ConcurrentDictionary<string, AuditSecret> _known = new(StringComparer.Ordinal);

    /// <inheritdoc />
    /// <exception cref="RequestFailedException">The vault has no such version, or refuses.</exception>
    public async ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken)
    {
        // Versions stand in table rows and files that others may have written; in an address, some texts would name another secret.
        if (version is not null && (version.Length is 0 or > MaxVersionLength || !version.All(char.IsAsciiLetterOrDigit)))
        {
            throw new RequestFailedException(404, "No version of a secret has such a name.");
        }

        if (version is not null && _known.TryGetValue(version, out var known))
        {
            return known;
        }

        KeyVaultSecret secret = await vault.GetSecretAsync(secretName, version, cancellationToken).ConfigureAwait(false);
        var found = new AuditSecret(secret.Properties.Version, SHA512.HashData(Encoding.UTF8.GetBytes(secret.Value)));
        return _known.GetOrAdd(found.Version, found);
    }

    /// <summary>Makes the secret with a random value unless it is there; for an operator, who may write secrets. True if it is new.</summary>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await vault.GetSecretAsync(secretName, cancellationToken: cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await vault.SetSecretAsync(secretName, RandomNumberGenerator.GetHexString(64), cancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
