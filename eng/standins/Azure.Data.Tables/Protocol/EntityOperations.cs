using System.Buffers;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Reads and writes of one entity, and queries.</summary>
internal static class EntityOperations
{
    private static readonly RequestMethod Merge = RequestMethod.Patch;

    public static async ValueTask<Response> AddAsync(
        TableConnection connection, string table, ITableEntity entity, bool isAsync, CancellationToken cancellationToken)
    {
        CheckKeys(entity);
        using var message = connection.CreateMessage(RequestMethod.Post, "/" + table);
        message.Request.Headers.Add("Prefer", "return-no-content");
        SetEntity(message, entity);
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        return response.Status is 201 or 204 ? response : throw new RequestFailedException(response);
    }

    /// <summary>Writes over an entity; without <paramref name="ifMatch"/> it is an upsert.</summary>
    public static async ValueTask<Response> PutAsync(
        TableConnection connection, string table, ITableEntity entity, TableUpdateMode mode, ETag? ifMatch, bool isAsync, CancellationToken cancellationToken)
    {
        CheckKeys(entity);
        using var message = connection.CreateMessage(
            mode == TableUpdateMode.Merge ? Merge : RequestMethod.Put, TableConnection.EntityPath(table, entity.PartitionKey, entity.RowKey));
        if (ifMatch is { } version)
        {
            message.Request.Headers.Add("If-Match", version.ToString());
        }

        SetEntity(message, entity);
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        return response.Status == 204 ? response : throw new RequestFailedException(response);
    }

    public static async ValueTask<Response> DeleteAsync(
        TableConnection connection, string table, string partitionKey, string rowKey, ETag ifMatch, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = connection.CreateMessage(RequestMethod.Delete, TableConnection.EntityPath(table, partitionKey, rowKey));
        message.Request.Headers.Add("If-Match", ifMatch == default ? ETag.All.ToString() : ifMatch.ToString());
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        return response.Status is 204 or 404 ? response : throw new RequestFailedException(response);
    }

    public static async ValueTask<NullableResponse<T>> GetAsync<T>(
        TableConnection connection, string table, string partitionKey, string rowKey, IEnumerable<string> select, bool orNone, bool isAsync, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = connection.CreateMessage(RequestMethod.Get, TableConnection.EntityPath(table, partitionKey, rowKey));
        Continuation.AppendQueryOptions(message.Request.Uri, null, null, select);
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        return response.Status switch
        {
            200 => Response.FromValue(EntityJson.Read<T>(response.Content.ToMemory().Span), response),
            404 when orNone => new NoEntity<T>(response),
            _ => throw new RequestFailedException(response),
        };
    }

    public static PageFetcher<T> Query<T>(TableConnection connection, string table, string filter, int? maxPerPage, IEnumerable<string> select)
        where T : class, ITableEntity =>
        async (continuation, pageSize, isAsync, cancellationToken) =>
        {
            using var message = connection.CreateMessage(RequestMethod.Get, $"/{table}()");
            Continuation.AppendQueryOptions(message.Request.Uri, filter, pageSize ?? maxPerPage, select);
            Continuation.AppendEntities(message.Request.Uri, continuation);
            var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
            return response.Status == 200
                ? Page<T>.FromValues(EntityJson.ReadList<T>(response.Content.ToMemory().Span), Continuation.EntitiesFrom(response), response)
                : throw new RequestFailedException(response);
        };

    public static void CheckKeys(ITableEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey, nameof(ITableEntity.PartitionKey));
        ArgumentNullException.ThrowIfNull(entity.RowKey, nameof(ITableEntity.RowKey));
    }

    private static void SetEntity(HttpMessage message, ITableEntity entity)
    {
        var body = new ArrayBufferWriter<byte>(512);
        EntityJson.Write(body, entity);
        TableConnection.SetBody(message, body, "application/json");
    }
}
