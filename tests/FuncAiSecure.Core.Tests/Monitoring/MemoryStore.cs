using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>A store in memory that can be away.</summary>
internal sealed class MemoryStore : IBehaviourStore
{
    public bool IsAway { get; set; }

    public Dictionary<string, LoweredPlan> Lowered { get; } = [];

    public Dictionary<(ulong, bool), SavedState> States { get; } = [];

    public List<Anomaly> Anomalies { get; } = [];

    public ValueTask<bool> SaveAsync(IReadOnlyList<SavedState> states, CancellationToken ct) => Do(() =>
    {
        foreach (var state in states)
        {
            States[(state.Key, state.IsModel)] = state;
        }
    });

    public ValueTask<bool> LoadAsync(Action<SavedState> take, CancellationToken ct) => Do(() => States.Values.ToList().ForEach(take));

    public ValueTask<bool> AddAsync(Anomaly anomaly, CancellationToken ct) => Do(() => Anomalies.Add(anomaly));

    public ValueTask<IReadOnlyList<Anomaly>?> ListAsync(int limit, CancellationToken ct) =>
        new(IsAway ? null : [.. Anomalies.OrderByDescending(anomaly => anomaly.At).Take(limit)]);

    public ValueTask<bool> SweepAsync(DateTimeOffset before, CancellationToken ct) => Do(() => Anomalies.RemoveAll(anomaly => anomaly.At < before));

    /// <summary>Up to when profiles were asked to be deleted, each time.</summary>
    public List<DateTimeOffset> ProfileSweeps { get; } = [];

    public ValueTask<bool> SweepProfilesAsync(DateTimeOffset before, CancellationToken ct) => Do(() => ProfileSweeps.Add(before));

    public ValueTask<bool> AddLoweredAsync(LoweredPlan lowered, CancellationToken ct) => Do(() => Lowered[lowered.Principal] = lowered);

    public ValueTask<IReadOnlyList<LoweredPlan>?> ListLoweredAsync(CancellationToken ct) => new(IsAway ? null : [.. Lowered.Values]);

    public ValueTask<bool> RemoveLoweredAsync(string principal, CancellationToken ct) => Do(() => Lowered.Remove(principal));

    private ValueTask<bool> Do(Action action)
    {
        if (!IsAway)
        {
            action();
        }

        return new(!IsAway);
    }
}
