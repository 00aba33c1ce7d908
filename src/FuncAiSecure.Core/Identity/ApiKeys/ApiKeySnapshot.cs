namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>One version of a key as the cache holds it: whom it is for, how to recognise it, when it is valid.</summary>
/// <param name="Id">The vault's version id.</param>
/// <param name="Principal">The caller.</param>
/// <param name="Verifier">What the key's MAC must be.</param>
/// <param name="NotBefore">Valid from here on; null for always.</param>
/// <param name="Expires">Valid until here; null for ever.</param>
internal sealed record ApiKeyVersion(string Id, Principal Principal, Mac256 Verifier, DateTimeOffset? NotBefore, DateTimeOffset? Expires)
{
    /// <summary>Valid from <see cref="NotBefore"/> (included) to <see cref="Expires"/> (excluded).</summary>
    public bool IsValidAt(DateTimeOffset now) => !(NotBefore > now) && !(Expires <= now);

    /// <summary>The same, ending at an instant if it does not end before.</summary>
    public ApiKeyVersion Until(DateTimeOffset end) => Expires <= end ? this : this with { Expires = end };

    /// <summary>Nothing of the verifier.</summary>
    public override string ToString() => $"version of API key {Principal.CredentialId}";
}

/// <summary>The version that a rotated key had before, and when it stops at the latest.</summary>
internal sealed record RotatedVersion(string Id, DateTimeOffset Until);

/// <summary>What the vault said of one version.</summary>
/// <param name="Version">The version; null if there is none that could be used: unknown, revoked or malformed.</param>
/// <param name="Before">The version that it replaced; null if none, or where that one was asked for.</param>
/// <param name="AskedAt">When the question was sent (<see cref="TimeProvider.GetTimestamp"/>): the answer is at least as recent.</param>
internal sealed record ApiKeyAnswer(ApiKeyVersion? Version, RotatedVersion? Before, long AskedAt)
{
    /// <summary>Nothing to be used.</summary>
    public static ApiKeyAnswer Nothing(long askedAt) => new(null, null, askedAt);
}

/// <summary>What is known of one key. Its two versions are asked for apart, so each answer has an age of its own.</summary>
/// <param name="Current">What the vault said of the latest version.</param>
/// <param name="Previous">What it said of the one before; null if it was not asked, or there is none.</param>
internal sealed record ApiKeySnapshot(ApiKeyAnswer Current, ApiKeyAnswer? Previous)
{
    /// <summary>What is known after a new answer about the latest version.</summary>
    public static ApiKeySnapshot After(ApiKeySnapshot? known, ApiKeyAnswer current)
    {
        // What was the latest version until now may be the one before: known already, it need not be asked for.
        var before = current.Before;
        var previous = before is null ? null
            : known?.Current.Version?.Id == before.Id ? known.Current
            : known?.Current.Before?.Id == before.Id ? known.Previous
            : null;
        return new ApiKeySnapshot(
            current, previous is null ? null : previous with { Version = previous.Version?.Until(before!.Until), Before = null });
    }

    /// <summary>The answer that a MAC belongs to, valid at the moment or not; null if neither. Both are always compared.</summary>
    public ApiKeyAnswer? Find(in Mac256 mac)
    {
        var isCurrent = Current.Version?.Verifier.FixedTimeEquals(mac) == true;
        var isPrevious = Previous?.Version?.Verifier.FixedTimeEquals(mac) == true;
        return isCurrent ? Current : isPrevious ? Previous : null;
    }

    /// <summary>The caller whose MAC this is, if its version is valid at the instant.</summary>
    public Principal? Match(in Mac256 mac, DateTimeOffset now) =>
        Find(mac)?.Version is { } version && version.IsValidAt(now) ? version.Principal : null;
}
