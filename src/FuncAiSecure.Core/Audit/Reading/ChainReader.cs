using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Audit.Reading;

/// <summary>
/// Reads chains as they lie in the table, a partition each, whose names sort by day and by the start of their process. The ledger is
/// not asked, because it is never trimmed and the table's own order leads past what has expired.
/// </summary>
internal sealed class ChainReader(TableClient table, AuditStore store, KeyRing keys)
{
    // A full row is some 110 KB of an answer, which stands in memory whole.
    private const int RowsPerQuery = 100;

    // What a row, and a chain with its names, cost to read beside their records, in records.
    private const int RowCost = 50;
    private const int ChainCost = 500;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Rows of records from a place on, one at a time.</summary>
    /// <param name="query">Which records are wanted.</param>
    /// <param name="after">The record after which to begin; null for the first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<AuditRun> ReadAsync(AuditQuery query, AuditCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var from = query.From is { } first ? ChainId.Day(first) : ChainId.Prefix;
        var to = query.To is { } last && last < DateOnly.MaxValue ? ChainId.Day(last.AddDays(1)) : ChainId.End;
        if (after is { } place && string.CompareOrdinal(place.Chain, from) >= 0)
        {
            // A condition that joins the rest of a chain and what comes after it would have the service look at every row of the table.
            if (string.CompareOrdinal(place.Chain, to) < 0)
            {
                await foreach (var run in ChainAsync(place.Chain, place.Sequence + 1, query, cancellationToken).ConfigureAwait(false))
                {
                    yield return run;
                }
            }

            from = place.Chain;
        }

        var rows = TableClient.CreateQueryFilter($"PartitionKey gt {from} and PartitionKey lt {to} and RowKey lt {AuditRows.HeadRow}");
        await foreach (var run in RunsAsync(rows, 1, query, cancellationToken).ConfigureAwait(false))
        {
            yield return run;
        }
    }

    /// <summary>The rows that hold the last records of a chain: so many at least, if it has them.</summary>
    public async IAsyncEnumerable<AuditRun> TailAsync(string chain, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (head, chainKeys) = await HeadAsync(chain, cancellationToken).ConfigureAwait(false);
        var stored = head is not null && chainKeys is not null && AuditRowReader.ReadHead(head, chainKeys) is { } known ? known.Count : 0;
        await foreach (var run in ChainAsync(chain, Math.Max(1, stored - count + 1), new AuditQuery(), cancellationToken).ConfigureAwait(false))
        {
            yield return run;
        }
    }

    private IAsyncEnumerable<AuditRun> ChainAsync(string chain, long first, AuditQuery query, CancellationToken cancellationToken)
    {
        var from = AuditRows.RowKey(Math.Max(1, first - AuditRows.MaxRecords + 1));
        var rows = TableClient.CreateQueryFilter($"PartitionKey eq {chain} and RowKey ge {from} and RowKey lt {AuditRows.HeadRow}");
        return RunsAsync(rows, first, query, cancellationToken);
    }

    private async IAsyncEnumerable<AuditRun> RunsAsync(string filter, long first, AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = table.QueryAsync<TableEntity>(filter, RowsPerQuery, cancellationToken: cancellationToken).AsPages();
        await foreach (var page in pages.ConfigureAwait(false))
        {
            // A name is stored before the first record that has it: names that are read after a page of rows know everybody in it.
            (string Chain, ChainNames Names)? current = null;
            foreach (var row in page.Values)
            {
                if (!ChainId.TryParseDay(row.PartitionKey, out _) || AuditRowReader.ReadRecords(row) is not { } run || run.First + run.Records.Length <= first)
                {
                    continue;
                }

                var cost = RowCost + run.Records.Length;
                if (current?.Chain != row.PartitionKey)
                {
                    var (_, chainKeys) = await HeadAsync(row.PartitionKey, cancellationToken).ConfigureAwait(false);
                    current = (row.PartitionKey, await ChainNames.ReadAsync(store, chainKeys, row.PartitionKey, cancellationToken).ConfigureAwait(false));
                    cost += ChainCost;
                }

                yield return new AuditRun(
                    [.. Entries(row.PartitionKey, run.First, run.Records, first, current.Value.Names).Where(entry => Matches(entry, query))],
                    new AuditCursor(row.PartitionKey, run.First + run.Records.Length - 1),
                    cost);
            }
        }
    }

    // Under which version of the secret a chain was made, its head says; where that is not true, its names do not open.
    private async Task<(TableEntity? Head, AuditKeys? Keys)> HeadAsync(string chain, CancellationToken cancellationToken)
    {
        var head = await table.GetEntityIfExistsAsync<TableEntity>(chain, AuditRows.HeadRow, cancellationToken: cancellationToken).ConfigureAwait(false);
        return head.HasValue && head.Value![AuditRows.KeyVersion] is string version
            ? (head.Value, await keys.FindAsync(version, cancellationToken).ConfigureAwait(false))
            : (null, null);
    }

    private static IEnumerable<AuditEntry> Entries(string chain, long start, ReadOnlyMemory<byte>[] records, long first, ChainNames names)
    {
        for (var i = (int)Math.Max(0, first - start); i < records.Length; i++)
        {
            if (TryParse(records[i]) is { } record)
            {
                yield return new AuditEntry(chain, start + i, record, names);
            }
        }
    }

    private static bool Matches(AuditEntry entry, AuditQuery query) =>
        (query.Principal is not { } principal || entry.Principal == principal.Value || entry.About == principal.Value)
        && (query.Model is null || entry.Text("model") == query.Model)
        && (query.Outcome is null || entry.Text("outcome") == query.Outcome)
        && (query.RequestId is null || entry.Text("request") == query.RequestId);

    private static JsonObject? TryParse(ReadOnlyMemory<byte> record)
    {
        try
        {
            // Texts are decoded where they are read: one that is none must show here, and not in the middle of an answer.
            var read = JsonNode.Parse(record.Span, documentOptions: Strict) as JsonObject;
            _ = read?.ToJsonString();
            return read;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>A row of records.</summary>
/// <param name="Entries">The records that are wanted; there may be none.</param>
/// <param name="End">The row's last record: where to go on.</param>
/// <param name="Cost">What reading it has cost, in records.</param>
internal readonly record struct AuditRun(List<AuditEntry> Entries, AuditCursor End, int Cost);
