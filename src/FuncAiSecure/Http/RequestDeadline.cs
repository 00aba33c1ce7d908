namespace FuncAiSecure.Http;

/// <summary>
/// One token for the three ends of a request: the caller goes away, the host stops the invocation, the deadline passes.
/// The token source is made when first asked for, and reused: most refusals never need one.
/// </summary>
internal sealed class RequestDeadline(TimeProvider time, long start, CancellationToken aborted, CancellationToken stopped) : IDisposable
{
    // A source that was never cancelled, ready to be used again by the next request on this thread.
    [ThreadStatic]
    private static CancellationTokenSource? _spare;

    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _onAbort;
    private CancellationTokenRegistration _onStop;

    /// <summary>When time is up, as a timestamp; 0 where no limit is set.</summary>
    public long At { get; private set; }

    /// <summary>True once time is up, by the clock or by the token's own timer, which counts whole milliseconds and may be a few early.</summary>
    public bool HasPassed => At != 0 && (time.GetTimestamp() >= At
        || (_source is { IsCancellationRequested: true } && !aborted.IsCancellationRequested && !stopped.IsCancellationRequested));

    /// <summary>Cancelled by whichever end comes first.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_source is null)
            {
                (_source, _spare) = (_spare ?? new CancellationTokenSource(), null);
                _onAbort = aborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
                _onStop = stopped == aborted
                    ? default
                    : stopped.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
                Arm();
            }

            return _source.Token;
        }
    }

    /// <summary>Sets a limit counted from the request's start; a later call can only shorten it.</summary>
    public void Limit(TimeSpan limit)
    {
        var at = start + (long)(limit.TotalSeconds * time.TimestampFrequency);
        if (At == 0 || at < At)
        {
            At = at;
            Arm();
        }
    }

    public void Dispose()
    {
        if (_source is null)
        {
            return;
        }

        _onAbort.Dispose();
        _onStop.Dispose();
        if (_spare is null && _source.TryReset())
        {
            _spare = _source;
        }
        else
        {
            _source.Dispose();
        }

        _source = null;
    }

    private void Arm()
    {
        if (_source is not null && At != 0)
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), At);
            _source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }
}
