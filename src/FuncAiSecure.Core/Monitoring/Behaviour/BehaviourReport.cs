using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>What operators see: the anomalies of all instances.</summary>
public sealed class BehaviourReport
{
    private readonly IBehaviourStore _store;

    internal BehaviourReport(IBehaviourStore store) => _store = store;

    /// <summary>The latest anomalies, newest first.</summary>
    /// <param name="limit">How many at most, 1 to 1,000.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>Null if the table cannot be asked.</returns>
    public ValueTask<IReadOnlyList<Anomaly>?> ListAsync(int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        return _store.ListAsync(limit, ct);
    }
}
