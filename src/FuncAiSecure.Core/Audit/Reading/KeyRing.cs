using System.Collections.Concurrent;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>The keys of every secret version that stored rows name.</summary>
internal sealed class KeyRing(IAuditSecrets secrets)
{
    private readonly ConcurrentDictionary<string, AuditKeys> _keys = new(StringComparer.Ordinal);

    public async ValueTask<AuditKeys> OfAsync(string version, CancellationToken cancellationToken) =>
        _keys.TryGetValue(version, out var keys)
            ? keys
            : _keys.GetOrAdd(version, new AuditKeys(await secrets.GetAsync(version, cancellationToken).ConfigureAwait(false)));

    public async ValueTask<AuditKeys> CurrentAsync(CancellationToken cancellationToken)
    {
        var secret = await secrets.GetAsync(null, cancellationToken).ConfigureAwait(false);
        return _keys.GetOrAdd(secret.Version, _ => new AuditKeys(secret));
    }
}
