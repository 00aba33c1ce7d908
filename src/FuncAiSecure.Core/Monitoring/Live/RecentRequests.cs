namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>The last requests, newest first; a new one takes the place of the oldest. Safe for several threads.</summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class RecentRequests(int capacity)
{
    private readonly (DateTimeOffset At, FinishedRequest Request)[] _places = new (DateTimeOffset, FinishedRequest)[capacity];
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Notes a request that ended at <paramref name="at"/>.</summary>
    public void Add(DateTimeOffset at, in FinishedRequest request)
    {
        lock (_lock)
        {
            _places[_count++ % capacity] = (at, request);
        }
    }

    /// <summary>A copy.</summary>
    public (DateTimeOffset At, FinishedRequest Request)[] Read()
    {
        lock (_lock)
        {
            var copy = new (DateTimeOffset, FinishedRequest)[Math.Min(_count, capacity)];
            for (var i = 0; i < copy.Length; i++)
            {
                copy[i] = _places[(_count - 1 - i) % capacity];
            }

            return copy;
        }
    }
}
