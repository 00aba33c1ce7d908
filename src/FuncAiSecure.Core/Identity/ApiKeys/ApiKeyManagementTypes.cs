using System.Collections.Immutable;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>Who manages keys, and which roles it may hand on.</summary>
/// <param name="Name">Written into the record as its maker.</param>
/// <param name="Roles">The roles that the actor has; no key with another role is made or rotated for it.</param>
public readonly record struct KeyActor(string Name, Roles Roles)
{
    /// <summary>An operator with direct access to the vault, which is above every role.</summary>
    public static KeyActor VaultOperator { get; } = new("cli", (Roles)~0);
}

/// <summary>What a new key is to be.</summary>
public sealed record ApiKeyRequest
{
    /// <summary>Whom the key is for.</summary>
    public required string Principal { get; init; }

    /// <summary>A name for people, at most 100 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Wire names of its roles.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>Model patterns: exact names, or prefixes with a trailing <c>*</c>.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Networks in CIDR form; empty for any.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>The quota plan; null for the default one.</summary>
    public string? Plan { get; init; }

    /// <summary>From when on the key is valid; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From when on the key is refused; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A key just made: the only time its text exists outside its owner's hands.</summary>
/// <param name="Id">The public handle.</param>
/// <param name="Key">The key itself. Show it once; never log it.</param>
public sealed record CreatedApiKey(ApiKeyId Id, string Key)
{
    /// <summary>For a rotation: when the key before it stops.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"API key {Id}";
}

/// <summary>What may be shown of a key.</summary>
public sealed record ApiKeySummary
{
    /// <summary>The public handle.</summary>
    public required ApiKeyId Id { get; init; }

    /// <summary>Whom the key is for.</summary>
    public required string Principal { get; init; }

    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Wire names of its roles.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>Model patterns; null where the vault was not asked, or gives no value of a revoked key.</summary>
    public ImmutableArray<string>? Models { get; init; }

    /// <summary>Networks in CIDR form; null as for models.</summary>
    public ImmutableArray<string>? Networks { get; init; }

    /// <summary>The quota plan.</summary>
    public string? Plan { get; init; }

    /// <summary>False once revoked.</summary>
    public required bool Enabled { get; init; }

    /// <summary>When it was revoked, as the vault noted it; null for one that is not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>When the latest version was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Who made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>From when on it is valid.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From when on it is refused.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>While it is rotated: when the version before it stops.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The version of the pepper it depends on.</summary>
    public string? Pepper { get; init; }
}

/// <summary>A pepper just made.</summary>
/// <param name="SignsFrom">New keys are signed with it from then on; until then with the one before.</param>
/// <param name="OldKeysUntil">When keys under older peppers stop at the latest; null for never, or where there are none.</param>
public sealed record PepperRotation(DateTimeOffset SignsFrom, DateTimeOffset? OldKeysUntil);

/// <summary>What a check found out about a key's text.</summary>
public enum ApiKeyCheck
{
    /// <summary>It is valid now.</summary>
    Valid,

    /// <summary>It is not spelled as a key, or its checksum is wrong.</summary>
    Malformed,

    /// <summary>It is spelled as a key, but this deployment did not issue it.</summary>
    NotIssuedHere,

    /// <summary>It was issued here, and is revoked, expired, replaced, or not yet valid.</summary>
    NotValidNow,
}
