namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// One key's place in the cache: what is known, and the one question under way. A question is one call of the vault, and there is at
/// most one a second, whatever is asked and however it ends.
/// </summary>
internal sealed class ApiKeyEntry(ApiKeyId id)
{
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile ApiKeySnapshot? _snapshot;
    private Task<bool>? _inFlight;
    private long? _lastAsked;
    private int _generation;

    /// <summary>What is known; null before the first answer.</summary>
    public ApiKeySnapshot? Snapshot => _snapshot;

    /// <summary>
    /// Asks the vault about the latest version or the one before, unless a question is under way or the last one is too recent.
    /// Whoever shares another's question looks at what is known then, and asks again if need be.
    /// </summary>
    /// <returns>Was there an answer? False also if none could be asked for yet.</returns>
    public Task<bool> AskAsync(ApiKeyVault vault, TimeProvider time, bool aboutPrevious)
    {
        lock (_lock)
        {
            if (_inFlight is { IsCompleted: false })
            {
                return _inFlight;
            }

            if (_lastAsked is { } asked && time.GetElapsedTime(asked) < BetweenQuestions)
            {
                return Task.FromResult(false);
            }

            _lastAsked = time.GetTimestamp();
            var generation = _generation;
            var before = aboutPrevious ? _snapshot?.Current.Before : null;
            return _inFlight = Task.Run(() => ReadAsync(vault, time, before, generation));
        }
    }

    /// <summary>Asks in the background about the version whose answer is the older one.</summary>
    public void Refresh(ApiKeyVault vault, TimeProvider time) =>
        _ = AskAsync(vault, time, _snapshot is { Current.Before: not null, Previous: { } previous } known && previous.AskedAt < known.Current.AskedAt);

    /// <summary>How long until the vault may be asked again; zero or less for now, or if a question is under way.</summary>
    public TimeSpan UntilNextQuestion(TimeProvider time)
    {
        lock (_lock)
        {
            return _lastAsked is { } asked && _inFlight is not { IsCompleted: false }
                ? BetweenQuestions - time.GetElapsedTime(asked)
                : TimeSpan.Zero;
        }
    }

    /// <summary>Replaces what is known because this instance has changed the key; answers to older questions no longer count.</summary>
    /// <param name="revoked">True: the key is refused from now on. False: the vault is asked on next use.</param>
    /// <param name="now">The present <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Change(bool revoked, long now)
    {
        lock (_lock)
        {
            _generation++;
            _inFlight = null;
            _snapshot = revoked ? new ApiKeySnapshot(ApiKeyAnswer.Nothing(now), null) : null;
        }
    }

    private async Task<bool> ReadAsync(ApiKeyVault vault, TimeProvider time, RotatedVersion? before, int generation)
    {
        // The second counts from the call, which a busy machine may make later than it was decided on.
        lock (_lock)
        {
            _lastAsked = time.GetTimestamp();
        }

        // Shared by all who wait, so no caller's cancellation ends it; the client's own time-out does.
        var answer = await vault.ReadKeyAsync(id, before, CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            if (answer is null)
            {
                return false;
            }

            if (generation == _generation)
            {
                _snapshot = before is null || _snapshot is not { } known ? ApiKeySnapshot.After(_snapshot, answer)
                    : known.Current.Before?.Id == before.Id ? known with { Previous = answer }
                    : known;
            }

            return true;
        }
    }
}
