using System.Collections.Immutable;
using System.Net;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Audit;

/// <summary>
/// What happened to one request, whatever its end. Holds no text, tensor value, key or token; whoever called is written under a
/// pseudonym, and of the address only the network.
/// </summary>
public sealed class AuditRecord
{
    /// <summary>What was asked for: the function's name, or the name of a signal or of an operator's action.</summary>
    public required string Action { get; init; }

    /// <summary>How it ended: one of <see cref="AuditOutcomes"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The HTTP status of the answer; 0 where nothing was answered.</summary>
    public int Status { get; init; }

    /// <summary>The id under which the caller knows the request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The W3C trace id.</summary>
    public string? TraceId { get; init; }

    /// <summary>Who called; null before identity.</summary>
    public Principal? Principal { get; init; }

    /// <summary>The caller's address; only its network is written (/24, for IPv6 /48).</summary>
    public IPAddress? ClientAddress { get; init; }

    /// <summary>
    /// What an operator did, and to what, where the action's name does not tell: <c>revoke</c> and a key's id, or the id of the request
    /// whose payloads were read. Never a caller's own words.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>To whom an operator did it; written under a pseudonym.</summary>
    public PrincipalId? About { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The model's version.</summary>
    public int? Version { get; init; }

    /// <summary>Input units that were charged.</summary>
    public long Units { get; init; }

    /// <summary>From arrival to the end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>In the model; null where it did not run.</summary>
    public TimeSpan? InferenceDuration { get; init; }

    /// <summary>The input's size in bytes.</summary>
    public long InputBytes { get; init; }

    /// <summary>The keyed hash of the input, from <see cref="AuditTrail.DigestInput"/>.</summary>
    public string? InputDigest { get; init; }

    /// <summary>Requests like this one, of callers without a principal, that were counted before it instead of recorded.</summary>
    public long Others { get; internal set; }

    /// <summary>What the guards found; at most 16 are written.</summary>
    public ImmutableArray<AuditVerdict> Verdicts { get; init; } = [];
}

/// <summary>One guard's verdict.</summary>
/// <param name="Rule">The rule's id, never the text that it matched.</param>
/// <param name="Score">How sure the guard is, 0 to 1.</param>
public readonly record struct AuditVerdict(string Rule, double Score);
