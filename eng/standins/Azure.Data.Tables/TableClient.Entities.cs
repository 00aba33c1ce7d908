namespace Azure.Data.Tables;

/// <content>Reads and writes of one entity.</content>
public partial class TableClient
{
    /// <summary>Inserts; 409 if the entity exists.</summary>
    public virtual Response AddEntity<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Sync.Result(EntityOperations.AddAsync(_connection, Name, entity, false, cancellationToken));

    /// <summary>Inserts; 409 if the entity exists.</summary>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await EntityOperations.AddAsync(_connection, Name, entity, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads; 404 if there is no such entity.</summary>
    public virtual Response<T> GetEntity<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        (Response<T>)Sync.Result(EntityOperations.GetAsync<T>(_connection, Name, partitionKey, rowKey, select, false, false, cancellationToken));

    /// <summary>Reads; 404 if there is no such entity.</summary>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        (Response<T>)await EntityOperations.GetAsync<T>(_connection, Name, partitionKey, rowKey, select, false, true, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>Reads; an answer without value if there is no such entity.</summary>
    public virtual NullableResponse<T> GetEntityIfExists<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        Sync.Result(EntityOperations.GetAsync<T>(_connection, Name, partitionKey, rowKey, select, true, false, cancellationToken));

    /// <summary>Reads; an answer without value if there is no such entity.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string> select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        await EntityOperations.GetAsync<T>(_connection, Name, partitionKey, rowKey, select, true, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Changes an entity of this version; 412 if it has another one.</summary>
    public virtual Response UpdateEntity<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Sync.Result(EntityOperations.PutAsync(_connection, Name, entity, mode, Checked(ifMatch), false, cancellationToken));

    /// <summary>Changes an entity of this version; 412 if it has another one.</summary>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await EntityOperations.PutAsync(_connection, Name, entity, mode, Checked(ifMatch), true, cancellationToken).ConfigureAwait(false);

    /// <summary>Inserts or changes, without condition.</summary>
    public virtual Response UpsertEntity<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        Sync.Result(EntityOperations.PutAsync(_connection, Name, entity, mode, null, false, cancellationToken));

    /// <summary>Inserts or changes, without condition.</summary>
    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        await EntityOperations.PutAsync(_connection, Name, entity, mode, null, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes; an entity that is not there gives the 404 answer, another version 412.</summary>
    public virtual Response DeleteEntity(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        Sync.Result(EntityOperations.DeleteAsync(_connection, Name, partitionKey, rowKey, ifMatch, false, cancellationToken));

    /// <summary>Deletes; an entity that is not there gives the 404 answer, another version 412.</summary>
    public virtual Response DeleteEntity(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteEntity(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);

    /// <summary>Deletes; an entity that is not there gives the 404 answer, another version 412.</summary>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        await EntityOperations.DeleteAsync(_connection, Name, partitionKey, rowKey, ifMatch, true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes; an entity that is not there gives the 404 answer, another version 412.</summary>
    public virtual Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);

    private static ETag Checked(ETag ifMatch) =>
        ifMatch == default ? throw new ArgumentException("An update needs a version; ETag.All stands for any.", nameof(ifMatch)) : ifMatch;
}
