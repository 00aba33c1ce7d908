namespace FuncAiSecure.Core.Identity;

/// <summary>How credentials were judged, counted since the start. Read when somebody collects; a count costs a request one addition.</summary>
public sealed class IdentityCounters
{
    private static readonly int Outcomes = Enum.GetValues<CacheOutcome>().Length;

    private readonly long[] _judged = new long[Enum.GetValues<CredentialKind>().Length * Outcomes];
    private long _answered;
    private long _failed;

    /// <summary>Calls of the vault about keys and peppers that it answered, whatever it said.</summary>
    public long VaultAnswers => Interlocked.Read(ref _answered);

    /// <summary>Calls of the vault that failed: unreachable, throttled, refused.</summary>
    public long VaultFailures => Interlocked.Read(ref _failed);

    /// <summary>How many credentials of a kind were judged in this way.</summary>
    public long Judged(CredentialKind kind, CacheOutcome outcome) => Interlocked.Read(ref _judged[At(kind, outcome)]);

    internal void Count(CredentialKind kind, CacheOutcome outcome) => Interlocked.Increment(ref _judged[At(kind, outcome)]);

    internal void CountVaultCall(bool answered) => Interlocked.Increment(ref answered ? ref _answered : ref _failed);

    private static int At(CredentialKind kind, CacheOutcome outcome) => ((int)kind * Outcomes) + (int)outcome;
}

/// <summary>Where the judgement of a credential came from.</summary>
public enum CacheOutcome
{
    /// <summary>Known and valid: answered from memory.</summary>
    Hit,

    /// <summary>Not known, or no longer: the vault was asked, or a signature verified.</summary>
    Miss,

    /// <summary>Refused by its form, its issuer's tag, its source or from memory, with neither.</summary>
    Refused,
}
