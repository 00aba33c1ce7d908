using Azure;
using Azure.Data.Tables;

namespace FuncAiSecure.Core.Storage;

/// <summary>What several stores do with rows.</summary>
internal static class TableRows
{
    /// <summary>Deletes a row as it was read: if somebody has written it since, it stays, and if somebody has deleted it, that is well.</summary>
    /// <exception cref="RequestFailedException">The table cannot be asked.</exception>
    public static async Task DeleteAsReadAsync(this TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException failure) when (failure is { Status: 412 } || failure.ErrorCode == "ResourceNotFound")
        {
            return;
        }
    }
}
