using System.Collections.Immutable;
using System.Net;

namespace FuncAiSecure.Core.Identity;

/// <summary>An authenticated caller with what it was granted. Holds nothing secret.</summary>
public sealed class Principal
{
    /// <summary>Who calls.</summary>
    public required PrincipalId Id { get; init; }

    /// <summary>A name for people.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>What kind of credential was shown.</summary>
    public required CredentialKind CredentialKind { get; init; }

    /// <summary>The public handle of the credential: an API key id, a hash of a token's id, a thumbprint.</summary>
    public required string CredentialId { get; init; }

    /// <summary>What the caller may do.</summary>
    public required Roles Roles { get; init; }

    /// <summary>Models the caller may use: exact names, or prefixes with a trailing <c>*</c>. Empty means none.</summary>
    public required ImmutableArray<string> Models { get; init; }

    /// <summary>Networks the caller may call from; empty means any.</summary>
    public ImmutableArray<IPNetwork> Networks { get; init; } = [];

    /// <summary>The name of the quota plan; null means the deployment's default plan.</summary>
    public string? Plan { get; init; }
}

/// <summary>Kinds of credentials.</summary>
public enum CredentialKind
{
    /// <summary>An API key of this project.</summary>
    ApiKey,

    /// <summary>An OpenID Connect access token.</summary>
    Token,

    /// <summary>A client certificate.</summary>
    Certificate,
}
