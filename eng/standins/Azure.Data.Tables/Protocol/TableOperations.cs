using System.Buffers;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>Create, delete and list tables.</summary>
internal static class TableOperations
{
    public static async ValueTask<Response<TableItem>> CreateAsync(
        TableConnection connection, string table, bool orExists, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("TableName", table);
            writer.WriteEndObject();
        }

        using var message = connection.CreateMessage(RequestMethod.Post, "/Tables");
        message.Request.Headers.Add("Prefer", "return-no-content");
        TableConnection.SetBody(message, body, "application/json");
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        if (response.Status is 201 or 204)
        {
            return Response.FromValue(new TableItem(table), response);
        }

        var failure = new RequestFailedException(response);
        return orExists && failure.ErrorCode == TableErrorCode.TableAlreadyExists
            ? Response.FromValue(new TableItem(table), response)
            : throw failure;
    }

    public static async ValueTask<Response> DeleteAsync(
        TableConnection connection, string table, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var message = connection.CreateMessage(RequestMethod.Delete, $"/Tables('{Uri.EscapeDataString(table)}')");
        var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
        return response.Status is 204 or 404 ? response : throw new RequestFailedException(response);
    }

    public static PageFetcher<TableItem> Query(TableConnection connection, string filter, int? maxPerPage) =>
        async (continuation, pageSize, isAsync, cancellationToken) =>
        {
            using var message = connection.CreateMessage(RequestMethod.Get, "/Tables");
            Continuation.AppendQueryOptions(message.Request.Uri, filter, pageSize ?? maxPerPage, null);
            if (continuation is not null)
            {
                message.Request.Uri.AppendQuery("NextTableName", continuation, escapeValue: true);
            }

            var response = await connection.SendAsync(message, isAsync, cancellationToken).ConfigureAwait(false);
            return response.Status == 200
                ? Page<TableItem>.FromValues(ReadNames(response.Content.ToMemory()), Continuation.TablesFrom(response), response)
                : throw new RequestFailedException(response);
        };

    private static List<TableItem> ReadNames(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(item => new TableItem(item.GetProperty("TableName").GetString()))];
    }
}
