namespace FuncAiSecure.Core.Quotas;

/// <summary>The answer to "may this request run?": a refusal, or a lease that must be completed once.</summary>
public readonly struct QuotaAdmission
{
    internal QuotaAdmission(Refusal refusal, QuotaLease state)
    {
        Refusal = refusal;
        Lease = state;
    }

    internal QuotaAdmission(QuotaLease lease) => Lease = lease;

    /// <summary>Why not; null if the request was admitted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>What the request holds. After a refusal it holds nothing, and still writes the header fields.</summary>
    public QuotaLease Lease { get; }

    /// <summary>True if the request may run.</summary>
    public bool IsAdmitted => Refusal is null;
}
