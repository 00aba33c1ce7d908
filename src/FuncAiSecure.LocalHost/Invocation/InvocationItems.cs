using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>
/// The bag of an invocation. It holds a handful of entries at most, so a scan of a list beats hashing: the lookup of the
/// HTTP context happens in every stage.
/// </summary>
internal sealed class InvocationItems : IDictionary<object, object>
{
    private readonly List<KeyValuePair<object, object>> _entries = new(1);

    /// <inheritdoc />
    public ICollection<object> Keys => [.. _entries.Select(e => e.Key)];

    /// <inheritdoc />
    public ICollection<object> Values => [.. _entries.Select(e => e.Value)];

    /// <inheritdoc />
    public int Count => _entries.Count;

    /// <inheritdoc />
    public bool IsReadOnly => false;

    /// <inheritdoc />
    public object this[object key]
    {
        get => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException();
        set
        {
            var index = IndexOf(key);
            if (index < 0)
            {
                _entries.Add(new(key, value));
            }
            else
            {
                _entries[index] = new(key, value);
            }
        }
    }

    /// <inheritdoc />
    public void Add(object key, object value)
    {
        if (ContainsKey(key))
        {
            throw new ArgumentException("The key exists.", nameof(key));
        }

        _entries.Add(new(key, value));
    }

    /// <inheritdoc />
    public bool TryGetValue(object key, [MaybeNullWhen(false)] out object value)
    {
        var index = IndexOf(key);
        value = index < 0 ? null : _entries[index].Value;
        return index >= 0;
    }

    /// <inheritdoc />
    public bool ContainsKey(object key) => IndexOf(key) >= 0;

    /// <inheritdoc />
    public bool Remove(object key)
    {
        var index = IndexOf(key);
        if (index >= 0)
        {
            _entries.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <inheritdoc />
    public void Clear() => _entries.Clear();

    /// <inheritdoc />
    public void Add(KeyValuePair<object, object> item) => Add(item.Key, item.Value);

    /// <inheritdoc />
    public bool Contains(KeyValuePair<object, object> item) => _entries.Contains(item);

    /// <inheritdoc />
    public bool Remove(KeyValuePair<object, object> item) => _entries.Remove(item);

    /// <inheritdoc />
    public void CopyTo(KeyValuePair<object, object>[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<object, object>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        for (var i = 0; i < _entries.Count; i++)
        {
            var candidate = _entries[i].Key;
            if (ReferenceEquals(candidate, key) || candidate.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }
}
