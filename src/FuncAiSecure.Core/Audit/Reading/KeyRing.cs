using System.Collections.Concurrent;
using Azure;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>The keys of every secret version that stored rows name.</summary>
internal sealed class KeyRing(IAuditSecrets secrets)
{
    private readonly ConcurrentDictionary<string, AuditKeys> _keys = new(StringComparer.Ordinal);

    /// <summary>The keys of a version that a row names; null where the secret has no such version, so that nobody can tell whether the row is authentic.</summary>
    /// <exception cref="RequestFailedException">The vault cannot be asked, or does not have the secret at all.</exception>
    public async ValueTask<AuditKeys?> FindAsync(string version, CancellationToken cancellationToken)
    {
        if (_keys.TryGetValue(version, out var keys))
        {
            return keys;
        }

        try
        {
            return _keys.GetOrAdd(version, new AuditKeys(await secrets.GetAsync(version, cancellationToken).ConfigureAwait(false)));
        }
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            // The wrong vault is the asker's mistake and no fault of the row.
            await CurrentAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    public async ValueTask<AuditKeys> CurrentAsync(CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(null, cancellationToken).ConfigureAwait(false);
        return _keys.GetOrAdd(secret.Version, _ => new AuditKeys(secret));
    }
}
