namespace FuncAiSecure.Core.Quotas;

/// <summary>How many requests of a caller run on this instance. Survives a change of the caller's plan.</summary>
internal sealed class ConcurrencyGate
{
    private long _running;

    public long Running => Volatile.Read(ref _running);

    public bool TryEnter(long limit)
    {
        // Not counted first and taken back: whoever came in between would be refused for one who does not run.
        for (var running = Running; running < limit;)
        {
            var before = Interlocked.CompareExchange(ref _running, running + 1, running);
            if (before == running)
            {
                return true;
            }

            running = before;
        }

        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _running);
}
