using System.Collections.Concurrent;

namespace FuncAiSecure.Core.Identity.Tokens;

/// <summary>
/// A cache bounded in number at no cost of bookkeeping: when the young generation is full it becomes the old one, and the old one
/// is dropped. What is used meanwhile moves to the young one, so a flood of others does not push it out at once.
/// </summary>
internal sealed class TwoGenerationCache<TValue>(int capacity)
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private readonly Lock _turning = new();
    private volatile Generations _all = new(new(), new());
    private int _count;

    public int Count => _all.Young.Count + _all.Old.Count;

    public bool TryGet(in Digest256 key, out TValue? value)
    {
        var all = _all;
        if (all.Young.TryGetValue(key, out value))
        {
            return true;
        }

        if (!all.Old.TryGetValue(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    public void Set(in Digest256 key, TValue value)
    {
        if (_all.Young.TryAdd(key, value))
        {
            if (Interlocked.Increment(ref _count) >= _generation)
            {
                Turn();
            }
        }
        else
        {
            _all.Young[key] = value;
        }
    }

    private void Turn()
    {
        lock (_turning)
        {
            if (_count >= _generation)
            {
                _all = new Generations(new(), _all.Young);
                _count = 0;
            }
        }
    }

    private sealed record Generations(
        ConcurrentDictionary<Digest256, TValue> Young, ConcurrentDictionary<Digest256, TValue> Old);
}
