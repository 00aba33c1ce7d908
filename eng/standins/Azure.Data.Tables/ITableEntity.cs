namespace Azure.Data.Tables;

/// <summary>What every stored entity has.</summary>
public interface ITableEntity
{
    /// <summary>Part one of the key; entities of one partition can share a transaction.</summary>
    string PartitionKey { get; set; }

    /// <summary>Part two of the key, unique in its partition.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity; ignored on input.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the entity as read.</summary>
    ETag ETag { get; set; }
}
