namespace Azure.Data.Tables;

/// <content>Typed reads: null for an absent value, <see cref="InvalidOperationException"/> for one of another type.</content>
public sealed partial class TableEntity
{
    /// <summary>A text value.</summary>
    public string GetString(string key) => Get<string>(key);

    /// <summary>A binary value.</summary>
    public byte[] GetBinary(string key) => _values.GetValueOrDefault(key) is BinaryData data ? data.ToArray() : Get<byte[]>(key);

    /// <summary>A binary value.</summary>
    public BinaryData GetBinaryData(string key) => _values.GetValueOrDefault(key) is byte[] bytes ? new BinaryData(bytes) : Get<BinaryData>(key);

    /// <summary>A truth value.</summary>
    public bool? GetBoolean(string key) => GetStruct<bool>(key);

    /// <summary>A time, in UTC.</summary>
    public DateTime? GetDateTime(string key) =>
        _values.GetValueOrDefault(key) is DateTimeOffset time ? time.UtcDateTime : GetStruct<DateTime>(key);

    /// <summary>A time.</summary>
    public DateTimeOffset? GetDateTimeOffset(string key) =>
        _values.GetValueOrDefault(key) is DateTime time ? new DateTimeOffset(time) : GetStruct<DateTimeOffset>(key);

    /// <summary>A floating-point number.</summary>
    public double? GetDouble(string key) => GetStruct<double>(key);

    /// <summary>A GUID.</summary>
    public Guid? GetGuid(string key) => GetStruct<Guid>(key);

    /// <summary>A 32-bit number.</summary>
    public int? GetInt32(string key) => GetStruct<int>(key);

    /// <summary>A 64-bit number.</summary>
    public long? GetInt64(string key) => GetStruct<long>(key);

    private T Get<T>(string key)
        where T : class =>
        _values.GetValueOrDefault(key) switch
        {
            null => null,
            T value => value,
            var other => throw WrongType(other, typeof(T)),
        };

    private T? GetStruct<T>(string key)
        where T : struct =>
        _values.GetValueOrDefault(key) switch
        {
            null => null,
            T value => value,
            var other => throw WrongType(other, typeof(T)),
        };

    private static InvalidOperationException WrongType(object value, Type asked) =>
        new($"Cannot return {asked} type for a {value.GetType()} typed property.");
}
