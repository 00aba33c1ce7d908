namespace FuncAiSecure.Core.Quotas;

/// <summary>How many requests of a caller run on this instance. Survives a change of the caller's plan.</summary>
internal sealed class ConcurrencyGate
{
    private long _running;

    public long Running => Volatile.Read(ref _running);

    public bool TryEnter(long limit)
    {
        if (Interlocked.Increment(ref _running) <= limit)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);
}
