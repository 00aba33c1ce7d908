using System.Collections.Immutable;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>One version of a key as the cache holds it: whom it is for, how to recognise it, when it is valid.</summary>
internal sealed record ApiKeyVersion(Principal Principal, Mac256 Verifier, DateTimeOffset? NotBefore, DateTimeOffset? Expires)
{
    /// <summary>Valid from <see cref="NotBefore"/> (included) to <see cref="Expires"/> (excluded).</summary>
    public bool IsValidAt(DateTimeOffset now) => !(NotBefore > now) && !(Expires <= now);

    /// <summary>Nothing of the verifier.</summary>
    public override string ToString() => $"version of API key {Principal.CredentialId}";
}

/// <summary>What the vault said about one key at one instant: its version and, while it is rotated, the one before; none if unknown or revoked.</summary>
/// <param name="Versions">At most two.</param>
/// <param name="AskedAt">When the question was sent (<see cref="TimeProvider.GetTimestamp"/>): the answer is at least as recent.</param>
internal sealed record ApiKeySnapshot(ImmutableArray<ApiKeyVersion> Versions, long AskedAt)
{
    /// <summary>Finds the valid version that a MAC belongs to. Both versions are always compared.</summary>
    public Principal? Match(in Mac256 mac, DateTimeOffset now)
    {
        Principal? found = null;
        foreach (var version in Versions)
        {
            if (version.Verifier.FixedTimeEquals(mac) & version.IsValidAt(now))
            {
                found = version.Principal;
            }
        }

        return found;
    }

    /// <summary>Is the MAC one of a version, valid at the moment or not?</summary>
    public bool Recognises(in Mac256 mac)
    {
        var found = false;
        foreach (var version in Versions)
        {
            found |= version.Verifier.FixedTimeEquals(mac);
        }

        return found;
    }
}
