using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Names;

namespace FuncAiSecure.Core.Audit.Storage;

/// <summary>
/// Writes chains into the table. Every row's key follows from the record's place in its chain, so that sending a batch again,
/// after an answer that never came, stores nothing twice.
/// </summary>
internal sealed class AuditStore(TableClient table)
{
    /// <summary>Records of a batch at most.</summary>
    public const int MaxBatch = 4096;

    // A transaction takes a hundred rows, one of them the head's, and 4 MiB, in which these bytes are base64.
    private const int MaxBatchRows = 99;
    private const int MaxBatchBytes = 1 << 20;

    private const string NamesPrefix = "n-";
    private const string NamesEnd = "n.";
    private const string ForgottenPartition = "forgotten";

    public async Task EnsureTableAsync(CancellationToken cancellationToken) =>
        await table.CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Stores records and the head that ends with them, together or not at all. Returns the last sequence stored.</summary>
    public async Task<long> AppendAsync(AuditChain chain, List<Frame> batch, CancellationToken cancellationToken)
    {
        var bytes = 0;
        var taken = batch.TakeWhile((frame, i) => (bytes += frame.Bytes.Length) <= MaxBatchBytes || i == 0).ToList();
        foreach (var frame in taken)
        {
            foreach (var name in frame.Names)
            {
                await AddNameAsync(chain, frame, name, cancellationToken).ConfigureAwait(false);
            }
        }

        var rows = AuditRows.OfRecords(chain.Id, taken).Take(MaxBatchRows).ToList();
        var last = taken[..rows.Sum(AuditRows.CountOf)][^1];
        rows.Add(AuditRows.OfHead(chain, last.Sequence, last.Mac.ToArray()));
        await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken)
            .ConfigureAwait(false);
        return last.Sequence;
    }

    /// <summary>How many records of a chain the table's authentic head counts, and the last one's code; null where there is none.</summary>
    public async Task<(long Count, byte[] Mac)?> StoredHeadAsync(AuditChain chain, CancellationToken cancellationToken)
    {
        var head = await table.GetEntityIfExistsAsync<TableEntity>(chain.Id, AuditRows.HeadRow, cancellationToken: cancellationToken).ConfigureAwait(false);
        return head.HasValue ? AuditRowReader.ReadHead(head.Value!, chain.Keys) : null;
    }

    /// <summary>Destroys every name of a principal under one secret. Returns how many there were.</summary>
    public async Task<int> ForgetAsync(AuditKeys keys, string principal, CancellationToken cancellationToken)
    {
        var tag = SealedName.Tag(keys, principal);

        // First the mark: a name that is still under way must not come back after its deletion.
        await table.UpsertEntityAsync(new TableEntity(ForgottenPartition, tag), TableUpdateMode.Replace, cancellationToken).ConfigureAwait(false);
        return await DeleteAsync(
            TableClient.CreateQueryFilter(
                $"PartitionKey ge {NamesPrefix} and PartitionKey lt {NamesEnd} and RowKey ge {tag + "."} and RowKey lt {tag + "0"}"),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every name that was given for a chain, as sealed.</summary>
    public async IAsyncEnumerable<byte[]> NamesOfAsync(string chain, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {NamesPrefix + chain}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (row.GetBinary("Name") is { } name)
            {
                yield return name;
            }
        }
    }

    /// <summary>Deletes a chain with its names.</summary>
    public async Task DeleteChainAsync(string chain, CancellationToken cancellationToken)
    {
        foreach (var partition in new[] { NamesPrefix + chain, chain })
        {
            var rows = table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), MaxBatchRows, ["PartitionKey", "RowKey"], cancellationToken);
            await foreach (var page in rows.AsPages().ConfigureAwait(false))
            {
                if (page.Values.Count > 0)
                {
                    await table.SubmitTransactionAsync(
                        page.Values.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken)
                        .ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Deletes marks of forgotten principals that are older than every journal can be.</summary>
    public async Task DeleteMarksAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var marks = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {ForgottenPartition}"), cancellationToken: cancellationToken);
        await foreach (var mark in marks.ConfigureAwait(false))
        {
            if (mark.Timestamp < before)
            {
                await table.DeleteEntityAsync(mark.PartitionKey, mark.RowKey, ETag.All, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<int> DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    private async Task AddNameAsync(AuditChain chain, Frame frame, byte[] name, CancellationToken cancellationToken)
    {
        var tag = SealedName.TagOf(name);
        var forgotten = await table.GetEntityIfExistsAsync<TableEntity>(ForgottenPartition, tag, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (forgotten.HasValue && !IsLater(frame, forgotten.Value!))
        {
            return;
        }

        // A principal can get a second key in a chain; the sealed name's nonce tells the rows apart.
        var row = new TableEntity(NamesPrefix + chain.Id, $"{tag}.{SealedName.Distinguisher(name)}") { ["Name"] = name };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsLater(Frame frame, TableEntity forgotten) =>
        AuditRowReader.TimeOf(frame.Body) > forgotten.Timestamp;
}
