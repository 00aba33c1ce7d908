using System.Security.Cryptography;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Audit.Names;

/// <summary>
/// The pseudonyms of one chain. Each principal gets a random key, and with it pseudonyms for its id and its credentials; what
/// the key was is kept only in the sealed name beside the chain, so that destroying that name ends the connection for good.
/// Not safe for concurrent use: the chain's lock guards it.
/// </summary>
internal sealed class Pseudonyms(AuditKeys keys, string chain)
{
    // A chain is a day of one instance; past this many principals the memory is worth more than few names.
    private const int MaxPrincipals = 20_000;

    private readonly Dictionary<PrincipalId, Entry> _entries = [];

    /// <summary>Who and with what, as it is written; a name to keep where the principal is new to this chain.</summary>
    public (string Who, string Credential, byte[]? NewName) Of(Principal principal)
    {
        byte[]? name = null;
        if (!_entries.TryGetValue(principal.Id, out var entry))
        {
            if (_entries.Count >= MaxPrincipals)
            {
                _entries.Clear();
            }

            var key = RandomNumberGenerator.GetBytes(SealedName.KeyLength);
            entry = new Entry(key, SealedName.Pseudonym(key, principal.Id.Value));
            _entries[principal.Id] = entry;
            name = SealedName.Seal(keys, chain, key, principal.Id.Value);
        }

        if (!entry.Credentials.TryGetValue(principal.CredentialId, out var credential))
        {
            if (entry.Credentials.Count >= 64)
            {
                entry.Credentials.Clear();
            }

            credential = SealedName.Pseudonym(entry.Key, "credential " + principal.CredentialId);
            entry.Credentials[principal.CredentialId] = credential;
        }

        return (entry.Who, credential, name);
    }

    /// <summary>Forgets a principal whose name could not be kept, so that its next record carries it again.</summary>
    public void Forget(PrincipalId principal) => _entries.Remove(principal);

    private sealed record Entry(byte[] Key, string Who)
    {
        public Dictionary<string, string> Credentials { get; } = new(StringComparer.Ordinal);
    }
}
