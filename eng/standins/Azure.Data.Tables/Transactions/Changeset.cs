using System.Buffers;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>Writes a transaction's multipart body.</summary>
internal static class Changeset
{
    public static ArrayBufferWriter<byte> Write(string endpoint, string table, string batch, IEnumerable<TableTransactionAction> actions)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        var changeset = $"changeset_{Guid.NewGuid():N}";
        Text(body, $"--{batch}\r\nContent-Type: multipart/mixed; boundary={changeset}\r\n\r\n");
        var count = 0;
        foreach (var action in actions)
        {
            EntityOperations.CheckKeys(action.Entity);
            Text(body, $"--{changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            WriteAction(body, endpoint, table, action);
            Text(body, "\r\n");
            count++;
        }

        if (count == 0)
        {
            throw new InvalidOperationException("A transaction needs at least one action.");
        }

        Text(body, $"--{changeset}--\r\n\r\n--{batch}--\r\n");
        return body;
    }

    private static void WriteAction(ArrayBufferWriter<byte> body, string endpoint, string table, TableTransactionAction action)
    {
        var url = action.ActionType == TableTransactionActionType.Add
            ? $"{endpoint}/{table}"
            : endpoint + TableConnection.EntityPath(table, action.Entity.PartitionKey, action.Entity.RowKey);
        var method = action.ActionType switch
        {
            TableTransactionActionType.Add => "POST",
            TableTransactionActionType.Delete => "DELETE",
            TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH",
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT",
            _ => throw new ArgumentOutOfRangeException(nameof(action), "Unknown kind of action."),
        };
        Text(body, $"{method} {url} HTTP/1.1\r\nAccept: {TableConnection.JsonMinimal}\r\nDataServiceVersion: {TableConnection.DataServiceVersion}\r\n");
        if (IfMatch(action) is { } version)
        {
            Text(body, $"If-Match: {version}\r\n");
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            Text(body, "\r\n");
            return;
        }

        Text(body, "Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n");
        EntityJson.Write(body, action.Entity);
    }

    // An update without a version goes out without If-Match, that is, as an upsert; a deletion needs the header.
    private static string IfMatch(TableTransactionAction action) =>
        action.ActionType switch
        {
            TableTransactionActionType.Delete => action.ETag == default ? "*" : action.ETag.ToString(),
            TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace when action.ETag != default => action.ETag.ToString(),
            _ => null,
        };

    private static void Text(ArrayBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);
}
