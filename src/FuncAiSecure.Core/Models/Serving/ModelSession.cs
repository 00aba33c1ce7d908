namespace FuncAiSecure.Core.Models.Serving;

/// <summary>
/// A loaded model and who uses it. Whoever pins it keeps it alive; once retired it takes no more users, and the last one out
/// disposes it.
/// </summary>
internal sealed class ModelSession(ILoadedModel model, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _users;
    private bool _retired;
    private long _lastUsed = time.GetTimestamp();

    /// <summary>The model; only for whoever has it pinned.</summary>
    public ILoadedModel Model { get; } = model;

    /// <summary>When it was last given to somebody, as a timestamp of the clock.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Counts a user in; false where the session is on its way out.</summary>
    public bool TryPin()
    {
        lock (_lock)
        {
            if (_retired)
            {
                return false;
            }

            _users++;
        }

        Volatile.Write(ref _lastUsed, time.GetTimestamp());
        return true;
    }

    /// <summary>Counts a user out.</summary>
    public void Release()
    {
        bool last;
        lock (_lock)
        {
            last = --_users == 0 && _retired;
        }

        if (last)
        {
            _ = DisposeAsync();
        }
    }

    /// <summary>Takes no more users; disposed now or by the last of them.</summary>
    public void Retire()
    {
        bool last;
        lock (_lock)
        {
            last = _users == 0 && !_retired;
            _retired = true;
        }

        if (last)
        {
            _ = DisposeAsync();
        }
    }

    /// <summary>Takes no more users if there is none now, and is then the caller's to <see cref="End"/>; false where somebody uses it.</summary>
    public bool TryRetireIdle()
    {
        lock (_lock)
        {
            if (_users > 0 || _retired)
            {
                return false;
            }

            _retired = true;
            return true;
        }
    }

    /// <summary>Disposes the model of a session that <see cref="TryRetireIdle"/> has retired.</summary>
    public void End() => _ = DisposeAsync();

    // Nobody waits for it, nor can do anything about a failure while letting go: the task keeps that.
    private async Task DisposeAsync() => await Model.DisposeAsync().ConfigureAwait(false);
}
