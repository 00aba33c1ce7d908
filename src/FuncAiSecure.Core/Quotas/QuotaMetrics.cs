using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Quotas.Ledger;

namespace FuncAiSecure.Core.Quotas;

/// <summary>The meter <c>FuncAiSecure.Quotas</c>. Tags are names from configuration, never from callers.</summary>
internal sealed class QuotaMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FuncAiSecure.Quotas";

    private readonly Counter<long> _refusals;
    private readonly Counter<long> _storeCalls;
    private long _reads;
    private long _writes;
    private long _conflicts;

    public QuotaMetrics(IMeterFactory? factory = null)
    {
        var meter = factory?.Create(MeterName) ?? new Meter(MeterName);
        _refusals = meter.CreateCounter<long>("funcaisecure.quota.refusals", "{request}", "Requests refused by a policy.");
        _storeCalls = meter.CreateCounter<long>("funcaisecure.quota.store_calls", "{call}", "Calls of the table of counters.");
    }

    /// <summary>Reads, writes and conflicts since the start.</summary>
    public (long Reads, long Writes, long Conflicts) Calls =>
        (Volatile.Read(ref _reads), Volatile.Read(ref _writes), Volatile.Read(ref _conflicts));

    public void Refused(RefusalCode code, string policy)
    {
        if (_refusals.Enabled)
        {
            _refusals.Add(1, new("code", code.ToString()), new("policy", policy));
        }
    }

    public void Read(StoreOutcome outcome) => Count(ref _reads, "read", outcome);

    public void Written(StoreOutcome outcome) => Count(ref _writes, "write", outcome);

    private void Count(ref long calls, string operation, StoreOutcome outcome)
    {
        Interlocked.Increment(ref calls);
        if (outcome == StoreOutcome.Conflict)
        {
            Interlocked.Increment(ref _conflicts);
        }

        if (_storeCalls.Enabled)
        {
            _storeCalls.Add(1, new("operation", operation), new("outcome", outcome.ToString()));
        }
    }
}
