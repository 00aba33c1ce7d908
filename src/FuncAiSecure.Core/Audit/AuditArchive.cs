using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Audit;

/// <summary>The stored trail, for operators: read, verify, forget. Needs the table and the audit secret, not a running trail.</summary>
public sealed class AuditArchive
{
    // In records: what a page reads in a second or so.
    private const int MaxPageCost = 50_000;

    private static readonly TimeSpan RepeatFor = TimeSpan.FromDays(7);

    private readonly TableClient _table;
    private readonly AuditStore _store;
    private readonly ChainReader _reader;
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
        _reader = new ChainReader(table, _store, _keys);
        _time = time;
    }

    /// <summary>
    /// Reads matching records day by day, in a day chain by chain as their processes were started, each in its own order. Reads only;
    /// whether what it reads is authentic, <see cref="VerifyAsync"/> tells.
    /// </summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="after">Where to go on; null begins at the beginning.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<AuditEntry> ReadAsync(
        AuditQuery query, AuditCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var run in _reader.ReadAsync(query, after, cancellationToken).ConfigureAwait(false))
        {
            foreach (var entry in run.Entries)
            {
                yield return entry;
            }
        }
    }

    /// <summary>
    /// A page of what <see cref="ReadAsync"/> reads. It looks at some fifty thousand records at most, however few of them match, and
    /// however old the trail is: a page may hold fewer records than asked for, or none, and the next one go on all the same.
    /// </summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="after">Where to go on; null begins at the beginning.</param>
    /// <param name="limit">How many records at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The records, and where the next page begins; null where nothing is left.</returns>
    public async Task<(IReadOnlyList<AuditEntry> Entries, AuditCursor? Next)> ReadPageAsync(
        AuditQuery query, AuditCursor? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (entries, cost) = (new List<AuditEntry>(), 0);
        await foreach (var run in _reader.ReadAsync(query, after, cancellationToken).ConfigureAwait(false))
        {
            entries.AddRange(run.Entries.Take(limit - entries.Count));
            if (entries.Count == limit)
            {
                return (entries, entries[^1].Cursor);
            }

            cost += run.Cost;
            if (cost >= MaxPageCost)
            {
                return (entries, run.End);
            }
        }

        return (entries, null);
    }

    /// <summary>The newest records of the chains that were opened or closed last, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> TailAsync(int count, CancellationToken cancellationToken)
    {
        const int MaxChains = 64;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var chains = await NewestFirst(cancellationToken)
            .Where(entry => entry.Event != LedgerEvent.Expired)
            .Select(entry => entry.Chain)
            .Distinct()
            .Take(MaxChains)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var newest = new List<AuditEntry>();
        foreach (var chain in chains)
        {
            await foreach (var run in _reader.TailAsync(chain, count, cancellationToken).ConfigureAwait(false))
            {
                newest.AddRange(run.Entries);
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
        var versions = (await LedgerAsync(cancellationToken).ConfigureAwait(false)).Select(entry => entry.KeyVersion);
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

    private async Task<List<LedgerEntry>> LedgerAsync(CancellationToken cancellationToken)
    {
        var entries = await NewestFirst(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        entries.Reverse();
        return entries;
    }

    private IAsyncEnumerable<LedgerEntry> NewestFirst(CancellationToken cancellationToken) =>
        _ledger.ReadAsync(cancellationToken).Select(row => row.Entry).OfType<LedgerEntry>();
}
