using System.Collections.Concurrent;

namespace FuncAiSecure.Core.Identity.ApiKeys;

/// <summary>
/// What is known of keys that this deployment issued (others never get here), bounded in number: when full, the entries whose
/// answers are oldest give way.
/// </summary>
internal sealed class ApiKeyCache(int capacity, TimeProvider time)
{
    private readonly ConcurrentDictionary<ApiKeyId, ApiKeyEntry> _entries = new();
    private readonly Lock _evicting = new();

    /// <summary>How many keys are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>The entry of a key, if there is one.</summary>
    public ApiKeyEntry? Find(ApiKeyId id) => _entries.GetValueOrDefault(id);

    /// <summary>The entry of a key, made if needed.</summary>
    public ApiKeyEntry GetOrAdd(ApiKeyId id)
    {
        if (_entries.TryGetValue(id, out var known))
        {
            return known;
        }

        lock (_evicting)
        {
            if (_entries.Count >= capacity)
            {
                Evict();
            }
        }

        return _entries.GetOrAdd(id, static key => new ApiKeyEntry(key));
    }

    /// <summary>This instance has revoked the key: refused from now on.</summary>
    public void Revoke(ApiKeyId id) => GetOrAdd(id).Change(revoked: true, time.GetTimestamp());

    /// <summary>This instance has changed the key: its record is read anew on next use.</summary>
    public void Forget(ApiKeyId id) => Find(id)?.Change(revoked: false, time.GetTimestamp());

    // An eighth at once, so that a full cache is sorted rarely.
    private void Evict()
    {
        var oldest = _entries.OrderBy(entry => entry.Value.Snapshot?.Current.AskedAt ?? long.MinValue).Take(Math.Max(1, capacity / 8));
        foreach (var (id, _) in oldest.ToList())
        {
            _entries.TryRemove(id, out _);
        }
    }
}
