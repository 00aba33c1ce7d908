using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.Core.Identity;

/// <summary>What authentication decided: exactly one of a principal and a refusal.</summary>
public readonly struct AuthenticationResult
{
    private AuthenticationResult(Principal? principal, Refusal? refusal)
    {
        Principal = principal;
        Refusal = refusal;
    }

    /// <summary>Who calls; null if refused.</summary>
    public Principal? Principal { get; }

    /// <summary>Why not; null if authenticated.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Was the caller authenticated?</summary>
    [MemberNotNullWhen(true, nameof(Principal))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAuthenticated => Principal is not null;

    /// <summary>An authenticated caller.</summary>
    public static implicit operator AuthenticationResult(Principal principal) => new(principal, null);

    /// <summary>A refused caller.</summary>
    public static implicit operator AuthenticationResult(Refusal refusal) => new(null, refusal);
}
