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

    /// <summary>Who and with what, as it is written; a principal that is new to this chain adds a name to keep.</summary>
    public (string Who, string Credential) Of(Principal principal, List<byte[]> newNames)
    {
        var entry = EntryOf(principal.Id, newNames);
        if (!entry.Credentials.TryGetValue(principal.CredentialId, out var credential))
        {
            if (entry.Credentials.Count >= 64)
            {
                entry.Credentials.Clear();
            }

            credential = SealedName.Pseudonym(entry.Key, "credential " + principal.CredentialId);
            entry.Credentials[principal.CredentialId] = credential;
        }

        return (entry.Who, credential);
    }

    /// <summary>Somebody, as it is written; who is new to this chain adds a name to keep.</summary>
    public string Of(PrincipalId principal, List<byte[]> newNames) => EntryOf(principal, newNames).Who;

    /// <summary>Forgets principals whose names could not be kept, so that their next records carry them again.</summary>
    public void Forget(params ReadOnlySpan<PrincipalId?> principals)
    {
        foreach (var principal in principals)
        {
            if (principal is { } id)
            {
                _entries.Remove(id);
            }
        }
    }

    private Entry EntryOf(PrincipalId principal, List<byte[]> newNames)
    {
        if (_entries.TryGetValue(principal, out var entry))
        {
            return entry;
        }

        if (_entries.Count >= MaxPrincipals)
        {
            _entries.Clear();
        }

        var key = RandomNumberGenerator.GetBytes(SealedName.KeyLength);
        entry = new Entry(key, SealedName.Pseudonym(key, principal.Value));
        _entries[principal] = entry;
        newNames.Add(SealedName.Seal(keys, chain, key, principal.Value));
        return entry;
    }

    private sealed record Entry(byte[] Key, string Who)
    {
        public Dictionary<string, string> Credentials { get; } = new(StringComparer.Ordinal);
    }
}
