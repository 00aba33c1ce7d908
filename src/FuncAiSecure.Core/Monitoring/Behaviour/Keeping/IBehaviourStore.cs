namespace FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

/// <summary>A profile as it is saved.</summary>
/// <param name="Key">The hash of the principal's id, or of the model's name and version.</param>
/// <param name="IsModel">Of which of the two.</param>
/// <param name="Format">The format of the bytes.</param>
/// <param name="Bytes">The profile, little-endian.</param>
internal readonly record struct SavedState(ulong Key, bool IsModel, int Format, byte[] Bytes);

/// <summary>A plan that was lowered for a while.</summary>
/// <param name="Principal">Whose.</param>
/// <param name="Plan">The lower plan.</param>
/// <param name="Until">When the credential's plan comes back.</param>
internal readonly record struct LoweredPlan(string Principal, string Plan, DateTimeOffset Until);

/// <summary>Profiles, anomalies and lowered plans over restarts. What cannot be done says false or null; nothing throws but cancellation.</summary>
internal interface IBehaviourStore
{
    /// <summary>Saves profiles; the last one written stands.</summary>
    ValueTask<bool> SaveAsync(IReadOnlyList<SavedState> states, CancellationToken ct);

    /// <summary>Hands every saved profile to a taker; false if not all could be read.</summary>
    ValueTask<bool> LoadAsync(Action<SavedState> take, CancellationToken ct);

    /// <summary>Records an anomaly.</summary>
    ValueTask<bool> AddAsync(Anomaly anomaly, CancellationToken ct);

    /// <summary>The latest anomalies, newest first; null if the table cannot be asked.</summary>
    ValueTask<IReadOnlyList<Anomaly>?> ListAsync(int limit, CancellationToken ct);

    /// <summary>Deletes anomalies from before a moment.</summary>
    ValueTask<bool> SweepAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>Deletes profiles that nobody has saved since a moment. One that is saved at the same time stays.</summary>
    ValueTask<bool> SweepProfilesAsync(DateTimeOffset before, CancellationToken ct);

    /// <summary>Notes a lowered plan; a later one of the same principal takes its place.</summary>
    ValueTask<bool> AddLoweredAsync(LoweredPlan lowered, CancellationToken ct);

    /// <summary>All lowered plans; null if the table cannot be asked.</summary>
    ValueTask<IReadOnlyList<LoweredPlan>?> ListLoweredAsync(CancellationToken ct);

    /// <summary>Forgets a lowered plan.</summary>
    ValueTask<bool> RemoveLoweredAsync(string principal, CancellationToken ct);
}
