namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// The peppers, read once and refreshed in the background. A new version is written with a start in the future (see
/// <see cref="ApiKeyService"/>), later than the refresh, so that every instance knows it before the first key is signed with it.
/// </summary>
internal sealed class PepperSource(ApiKeyVault vault, TimeSpan refreshAfter, TimeProvider time)
{
    private static readonly TimeSpan RetryWhenEmpty = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile PepperRing? _ring;
    private Task<PepperRing?>? _inFlight;
    private long _askedAt;
    private long _readAt;

    /// <summary>What is known, and a refresh in the background when it is due; null before the first answer.</summary>
    public PepperRing? Current
    {
        get
        {
            var ring = _ring;
            if (ring is not null && time.GetElapsedTime(Volatile.Read(ref _askedAt)) >= refreshAfter)
            {
                _ = RefreshAsync();
            }

            return ring;
        }
    }

    /// <summary>True if a key may be signed with a pepper that was made since the last read: what is known may accept, and not refuse.</summary>
    public bool MayLack => time.GetElapsedTime(Volatile.Read(ref _readAt)) >= PepperKeeper.Activation;

    /// <summary>Reads the peppers, one read at a time however many wait. Null if the vault cannot be asked or holds none.</summary>
    public Task<PepperRing?> RefreshAsync()
    {
        lock (_lock)
        {
            if (_inFlight is { IsCompleted: false })
            {
                return _inFlight;
            }

            if (_askedAt != 0 && time.GetElapsedTime(_askedAt) < RetryWhenEmpty)
            {
                return Task.FromResult(_ring);
            }

            Volatile.Write(ref _askedAt, Math.Max(1, time.GetTimestamp()));
            return _inFlight = Task.Run(ReadAsync);
        }
    }

    /// <summary>Reads the peppers now, because this instance has just changed them.</summary>
    public Task<PepperRing?> ReloadAsync()
    {
        lock (_lock)
        {
            _askedAt = 0;
        }

        return RefreshAsync();
    }

    private async Task<PepperRing?> ReadAsync()
    {
        var began = time.GetTimestamp();
        var ring = await vault.ReadPeppersAsync(CancellationToken.None).ConfigureAwait(false);
        if (ring is { Peppers.IsEmpty: false })
        {
            Volatile.Write(ref _readAt, began);
            _ring = ring;
        }
        else if (ring is not null)
        {
            // Disabled by somebody who wants no key accepted, perhaps: what was known before is not served on.
            _ring = null;
        }

        return _ring;
    }
}
