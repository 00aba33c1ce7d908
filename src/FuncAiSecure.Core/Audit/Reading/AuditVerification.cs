using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>What verification found.</summary>
public sealed partial record AuditVerification
{
    /// <summary>Records that were checked.</summary>
    public required long Records { get; init; }

    /// <summary>Chains that were checked.</summary>
    public required int Chains { get; init; }

    /// <summary>
    /// Chains that are not closed: of running processes, or of ones that ended and whose disk was lost. Of these, records after the
    /// last seal cannot be missed.
    /// </summary>
    public required ImmutableArray<string> OpenChains { get; init; }

    /// <summary>What is wrong, the first fault of each chain, in the order of the chains; empty if nothing is.</summary>
    public required ImmutableArray<AuditFault> Faults { get; init; }

    /// <summary>
    /// The ledger's newest entry as <c>number:code</c>. Kept elsewhere and shown to a later verification, it proves that the ledger
    /// was only continued: that is the one guard against somebody who puts back the whole table as it once was.
    /// </summary>
    public required string Checkpoint { get; init; }

    /// <summary>Whether a text has the form of a <see cref="Checkpoint"/>, whatever it says.</summary>
    public static bool IsCheckpoint(string text) => text == "0:" || Form().IsMatch(text);

    /// <summary>True if nothing is wrong.</summary>
    public bool IsIntact => Faults.IsEmpty;

    [GeneratedRegex(@"^[1-9][0-9]{0,17}:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Chain">Where: a chain's name, or <c>ledger</c>.</param>
/// <param name="Sequence">The first bad record's place, from 1.</param>
/// <param name="Kind">What.</param>
public sealed record AuditFault(string Chain, long Sequence, AuditFaultKind Kind);

/// <summary>What can be wrong.</summary>
public enum AuditFaultKind
{
    /// <summary>The record, or its code, is not as it was written, or not where it was written.</summary>
    Changed,

    /// <summary>There is no record at this place, but there must be one.</summary>
    Missing,

    /// <summary>There is something that was never written by the trail.</summary>
    Foreign,

    /// <summary>The head that counts the records is missing or not authentic.</summary>
    HeadChanged,

    /// <summary>The ledger no longer holds what an earlier checkpoint saw.</summary>
    RolledBack,
}
