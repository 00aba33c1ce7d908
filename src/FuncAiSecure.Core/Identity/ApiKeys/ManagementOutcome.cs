using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>What key management answers: a value, or the refusal.</summary>
/// <param name="Value">The result; null if refused.</param>
/// <param name="Refusal">Why not; null if done.</param>
public readonly record struct ManagementOutcome<T>(T? Value, Refusal? Refusal)
    where T : class
{
    /// <summary>Was it done?</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    /// <summary>Done.</summary>
    public static implicit operator ManagementOutcome<T>(T value) => new(value, null);

    /// <summary>Refused.</summary>
    public static implicit operator ManagementOutcome<T>(Refusal refusal) => new(null, refusal);

    /// <summary>The state alone: the value may hold a key.</summary>
    public override string ToString() => Succeeded ? "done" : Refusal.Code.ToString();
}
