using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Audit;

/// <summary>The stored trail, for operators: read, verify, forget. Needs the table and the audit secret, not a running trail.</summary>
public sealed class AuditArchive
{
    private static readonly TimeSpan RepeatFor = TimeSpan.FromDays(7);

    private readonly TableClient _table;
    private readonly AuditStore _store;
    private readonly AuditLedger _ledger;
    private readonly KeyRing _keys;
    private readonly TimeProvider _time;

    /// <summary>The trail in a table.</summary>
    public AuditArchive(TableClient table, IAuditSecrets secrets, TimeProvider time)
    {
        _table = table;
        _store = new AuditStore(table);
        _ledger = new AuditLedger(table, time);
        _keys = new KeyRing(secrets);
        _time = time;
    }

    /// <summary>
    /// Reads matching records, chain by chain in the order in which the chains were opened, each in its own order. Reads only; whether
    /// what it reads is authentic, <see cref="VerifyAsync"/> tells.
    /// </summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="after">Where to go on; null begins at the beginning.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<AuditEntry> ReadAsync(
        AuditQuery query, AuditCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var isBefore = after is not null;
        foreach (var opened in await OpenedAsync(query, cancellationToken).ConfigureAwait(false))
        {
            var first = 1L;
            if (isBefore)
            {
                isBefore = opened.Chain != after!.Value.Chain;
                if (isBefore)
                {
                    continue;
                }

                first = after.Value.Sequence + 1;
            }

            await foreach (var entry in ReadChainAsync(opened, first, query, cancellationToken).ConfigureAwait(false))
            {
                yield return entry;
            }
        }
    }

    /// <summary>The newest records of all chains that are open or were opened last, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> TailAsync(int count, CancellationToken cancellationToken)
    {
        const int MaxChains = 64;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var newest = new List<AuditEntry>();
        foreach (var opened in (await OpenedAsync(new AuditQuery(), cancellationToken).ConfigureAwait(false)).TakeLast(MaxChains))
        {
            var keys = await _keys.FindAsync(opened.KeyVersion, cancellationToken).ConfigureAwait(false);
            var head = await _table.GetEntityIfExistsAsync<TableEntity>(opened.Chain, AuditRows.HeadRow, cancellationToken: cancellationToken).ConfigureAwait(false);
            var stored = keys is not null && head.HasValue && AuditRowReader.ReadHead(head.Value!, keys) is { } known ? known.Count : 0;
            await foreach (var entry in ReadChainAsync(opened, Math.Max(1, stored - count + 1), new AuditQuery(), cancellationToken).ConfigureAwait(false))
            {
                newest.Add(entry);
            }
        }

        return [.. newest.OrderBy(entry => entry.Time).TakeLast(count)];
    }

    /// <summary>Checks the ledger, and every chain of the days asked for.</summary>
    /// <param name="from">From this day on; null means from the first.</param>
    /// <param name="to">Up to and with this day; null means to the last.</param>
    /// <param name="checkpoint">An earlier <see cref="AuditVerification.Checkpoint"/> that must still hold.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public Task<AuditVerification> VerifyAsync(DateOnly? from, DateOnly? to, string? checkpoint, CancellationToken cancellationToken) =>
        new AuditVerifier(_table, _ledger, _keys).VerifyAsync(from, to, checkpoint, cancellationToken);

    /// <summary>
    /// Destroys the keys of a principal's pseudonyms, in every chain: its records stay and verify, and name nobody any more. Returns
    /// how many keys were destroyed.
    /// </summary>
    public async Task<int> ForgetAsync(PrincipalId principal, CancellationToken cancellationToken)
    {
        var versions = (await OpenedAsync(new AuditQuery(), cancellationToken).ConfigureAwait(false)).Select(entry => entry.KeyVersion);
        var current = await _keys.CurrentAsync(cancellationToken).ConfigureAwait(false);
        var count = 0;
        foreach (var version in versions.Append(current.Version).Distinct(StringComparer.Ordinal))
        {
            // Names under a version that is gone name nobody any more.
            if (await _keys.FindAsync(version, cancellationToken).ConfigureAwait(false) is { } keys)
            {
                count += await _store.ForgetAsync(keys, principal.Value, cancellationToken).ConfigureAwait(false);
            }
        }

        return count;
    }

    /// <summary>Deletes chains of days before a day, and notes in the ledger that their time was over. Returns how many.</summary>
    internal async Task<int> SweepAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var chains = (await LedgerAsync(cancellationToken).ConfigureAwait(false)).GroupBy(entry => entry.Chain, StringComparer.Ordinal).ToList();
        var current = await _keys.CurrentAsync(cancellationToken).ConfigureAwait(false);
        var count = 0;
        foreach (var chain in chains.Where(chain => ChainId.TryParseDay(chain.Key, out var day) && day < before))
        {
            // The note first: a sweep that is interrupted leaves rows that the next one deletes, never a gap without a reason.
            var last = chain.Last();
            if (last.Event != LedgerEvent.Expired)
            {
                await _ledger.AppendAsync(current, LedgerEvent.Expired, chain.Key, last.Count, last.Head, cancellationToken).ConfigureAwait(false);
                count++;
            }
            else if (last.Time < _time.GetUtcNow() - RepeatFor)
            {
                continue;
            }

            await _store.DeleteChainAsync(chain.Key, cancellationToken).ConfigureAwait(false);
        }

        await _store.DeleteMarksAsync(new DateTimeOffset(before, TimeOnly.MinValue, TimeSpan.Zero), cancellationToken).ConfigureAwait(false);
        return count;
    }

    private async IAsyncEnumerable<AuditEntry> ReadChainAsync(
        LedgerEntry opened, long first, AuditQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await _keys.FindAsync(opened.KeyVersion, cancellationToken).ConfigureAwait(false);
        var names = await ChainNames.ReadAsync(_store, keys, opened.Chain, cancellationToken).ConfigureAwait(false);
        var from = Math.Max(1, first - AuditRows.MaxRecords + 1);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {opened.Chain} and RowKey ge {AuditRows.RowKey(from)} and RowKey lt {AuditRows.HeadRow}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (AuditRowReader.ReadRecords(row) is not { } run)
            {
                continue;
            }

            for (var i = (int)Math.Max(0, first - run.First); i < run.Records.Length; i++)
            {
                if (TryParse(run.Records[i]) is { } record
                    && new AuditEntry(opened.Chain, run.First + i, record, names.Of((string?)record["who"]), names.Of((string?)record["about"])) is var entry && Matches(entry, query))
                {
                    yield return entry;
                }
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
            return JsonNode.Parse(record.Span) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<List<LedgerEntry>> OpenedAsync(AuditQuery query, CancellationToken cancellationToken) =>
    [
        .. (await LedgerAsync(cancellationToken).ConfigureAwait(false))
            .DistinctBy(entry => entry.Chain, StringComparer.Ordinal)
            .Where(entry => ChainId.TryParseDay(entry.Chain, out var day) && !(day < query.From) && !(day > query.To)),
    ];

    private async Task<List<LedgerEntry>> LedgerAsync(CancellationToken cancellationToken)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var (_, entry) in _ledger.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry is not null)
            {
                entries.Add(entry);
            }
        }

        entries.Reverse();
        return entries;
    }
}
