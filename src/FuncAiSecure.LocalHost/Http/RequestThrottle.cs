using FuncAiSecure.LocalHost.Settings;

namespace FuncAiSecure.LocalHost.Http;

/// <summary>The host's own bounds: how many requests may run, and how many may run or wait.</summary>
internal sealed class RequestThrottle(HostJson host) : IDisposable
{
    private readonly SemaphoreSlim? _running =
        host.MaxConcurrentRequests < 0 ? null : new SemaphoreSlim(host.MaxConcurrentRequests, host.MaxConcurrentRequests);

    private int _outstanding;

    /// <summary>Requests that run or wait.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Counts a request in; false (and nothing to leave) past the bound.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _outstanding) <= host.MaxOutstandingRequests || host.MaxOutstandingRequests < 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _outstanding);
        return false;
    }

    /// <summary>Takes a place to run, if one is free.</summary>
    public bool TryRun() => _running is null || _running.Wait(0, CancellationToken.None);

    /// <summary>Waits for a place to run.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _running!.WaitAsync(cancellation);

    /// <summary>Gives the place to run back.</summary>
    public void Release() => _running?.Release();

    /// <summary>Counts a request out.</summary>
    public void Leave() => Interlocked.Decrement(ref _outstanding);

    /// <inheritdoc />
    public void Dispose() => _running?.Dispose();
}
