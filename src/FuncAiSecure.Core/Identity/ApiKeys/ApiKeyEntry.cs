namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>One key's place in the cache: the last answer, and the one question under way.</summary>
internal sealed class ApiKeyEntry(ApiKeyId id)
{
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile ApiKeySnapshot? _snapshot;
    private Task<ApiKeySnapshot?>? _inFlight;
    private long? _lastAsked;
    private int _generation;

    /// <summary>The last answer; null before the first.</summary>
    public ApiKeySnapshot? Snapshot => _snapshot;

    /// <summary>
    /// Asks the vault, one question at a time and at most one a second. Null if there was no answer, or none could be asked
    /// for yet.
    /// </summary>
    public Task<ApiKeySnapshot?> AskAsync(ApiKeyVault vault, TimeProvider time)
    {
        lock (_lock)
        {
            if (_inFlight is { IsCompleted: false })
            {
                return _inFlight;
            }

            if (_lastAsked is { } asked && time.GetElapsedTime(asked) < BetweenQuestions)
            {
                // What the last question brought, if it brought anything; never what was known before it.
                return Task.FromResult(_snapshot?.AskedAt >= asked ? _snapshot : null);
            }

            _lastAsked = time.GetTimestamp();
            var generation = _generation;
            return _inFlight = Task.Run(() => ReadAsync(vault, generation));
        }
    }

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
            _lastAsked = null;
            _snapshot = revoked ? new ApiKeySnapshot([], now) : null;
        }
    }

    private async Task<ApiKeySnapshot?> ReadAsync(ApiKeyVault vault, int generation)
    {
        // Shared by all who wait, so no caller's cancellation ends it; the client's own time-out does.
        var answer = await vault.ReadKeyAsync(id, CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            if (answer is null || generation != _generation)
            {
                return null;
            }

            return _snapshot = answer;
        }
    }
}
