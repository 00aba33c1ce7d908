using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>
/// Appends to the ledger and reads it. Instances append at once: the row's key is the entry's number, so the second to come gets a
/// conflict, reads what the first wrote and takes the next number.
/// </summary>
internal sealed class AuditLedger(TableClient table, TimeProvider time)
{
    private const int MaxAttempts = 50;

    // To append takes the newest entry, and of those that others wrote since the last attempt enough to find one's own.
    private const int RowsToAppend = 10;

    /// <summary>Every row, newest first; an entry is null where the row has not its shape.</summary>
    public IAsyncEnumerable<(string RowKey, LedgerEntry? Entry)> ReadAsync(CancellationToken cancellationToken) => ReadAsync(null, cancellationToken);

    private async IAsyncEnumerable<(string RowKey, LedgerEntry? Entry)> ReadAsync(
        int? rowsPerQuery, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {LedgerEntry.Partition}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, rowsPerQuery, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            yield return (row.RowKey, LedgerEntry.Read(row));
        }
    }

    /// <summary>Appends an entry. One that another try, whose answer was lost, has already written is found and not written again.</summary>
    /// <exception cref="RequestFailedException">The table cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The newest entry cannot be read, or others were faster every time.</exception>
    public async Task AppendAsync(AuditKeys keys, LedgerEvent what, string chain, long count, byte[] head, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        LedgerEntry? written = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            LedgerEntry? newest = null;
            await foreach (var (rowKey, entry) in ReadAsync(RowsToAppend, cancellationToken).ConfigureAwait(false))
            {
                newest ??= entry ?? throw new InvalidOperationException($"The ledger's newest row {rowKey} is not an entry.");
                if (written is null || entry is null || entry.Number < written.Number)
                {
                    break;
                }

                if (entry.Number == written.Number && entry.Mac.AsSpan().SequenceEqual(written.Mac))
                {
                    return;
                }
            }

            written = LedgerEntry.Make(keys, newest, what, chain, count, head, at);
            try
            {
                await table.AddEntityAsync(written.ToRow(), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // Somebody's entry has this number: another instance's, or our own whose answer was lost.
            }
        }

        throw new InvalidOperationException("The ledger is written by too many at once.");
    }
}
