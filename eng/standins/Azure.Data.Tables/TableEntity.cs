using System.Collections;

namespace Azure.Data.Tables;

/// <summary>An entity as a dictionary of named values; the keys, the time stamp and the ETag are in it too.</summary>
public sealed partial class TableEntity : ITableEntity, IDictionary<string, object>
{
    internal const string ETagName = "odata.etag";

    private readonly Dictionary<string, object> _values;

    /// <summary>An entity without keys.</summary>
    public TableEntity() => _values = new(StringComparer.Ordinal);

    /// <summary>An entity with keys.</summary>
    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>An entity with a copy of these values.</summary>
    public TableEntity(IDictionary<string, object> values) =>
        _values = values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    /// <inheritdoc />
    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _values[nameof(PartitionKey)] = value;
    }

    /// <inheritdoc />
    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _values[nameof(RowKey)] = value;
    }

    /// <inheritdoc />
    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _values[nameof(Timestamp)] = value;
    }

    /// <inheritdoc />
    public ETag ETag
    {
        get => GetString(ETagName) is { } text ? new ETag(text) : default;
        set => _values[ETagName] = value == default ? null : value.ToString();
    }

    /// <summary>How many values there are, keys included.</summary>
    public int Count => _values.Count;

    /// <summary>The names of all values.</summary>
    public ICollection<string> Keys => _values.Keys;

    ICollection<object> IDictionary<string, object>.Values => _values.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>A value by its name; null if absent. Setting another type than the present one throws.</summary>
    public object this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set => Set(key, value);
    }

    /// <inheritdoc />
    public void Add(string key, object value) => Set(key, value);

    /// <inheritdoc />
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc />
    public bool Remove(string key) => _values.Remove(key);

    /// <inheritdoc />
    public bool TryGetValue(string key, out object value) => _values.TryGetValue(key, out value);

    /// <summary>Removes every value, the keys too.</summary>
    public void Clear() => _values.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => Set(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_values).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)_values).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => _values.Remove(item.Key);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();

    internal void SetUnchecked(string key, object value) => _values[key] = value;

    internal Dictionary<string, object>.Enumerator Enumerate() => _values.GetEnumerator();

    private void Set(string key, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (value is not null && _values.GetValueOrDefault(key) is { } present && present.GetType() != value.GetType())
        {
            throw new InvalidOperationException($"The property holds a {present.GetType()} and cannot become a {value.GetType()}.");
        }

        _values[key] = value;
    }
}
