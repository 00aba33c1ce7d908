using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FuncAiSecure.Core.Audit;

/// <summary>The trail's secret in Key Vault; versions that were read once are kept, because a version never changes.</summary>
public sealed class VaultAuditSecrets(SecretClient vault, string secretName) : IAuditSecrets
{
    private readonly ConcurrentDictionary<string, AuditSecret> _known = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async ValueTask<AuditSecret> GetAsync(string? version, CancellationToken cancellationToken)
    {
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
