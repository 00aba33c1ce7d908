using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Guards.Extraction.Keeping;

/// <summary>
/// One row for each budget, in partitions <c>00</c> to <c>ff</c> by the key's first byte. Instances add to it by compare-and-swap. An
/// addition whose answer was lost may be added twice: a principal may lose a little of its budget by that, and never gains. The service's
/// own clock says what has come back.
/// </summary>
internal sealed partial class TableBudgetStore(TableClient table, StorageTime time, ILogger log) : IBudgetStore
{
    private const int Tries = 4;
    private const uint KeepResets = 86_400;

    private readonly TableCalls _calls = new(table, status => Log.StoreTrouble(log, status));

    public ValueTask<bool> LoadAsync(Action<SavedBudget> take, CancellationToken ct) => _calls.TryAsync(async () =>
    {
        await using var pages = table.QueryAsync<TableEntity>(cancellationToken: ct).AsPages().GetAsyncEnumerator(ct);
        for (var sent = time.GetTimestamp(); await pages.MoveNextAsync().ConfigureAwait(false); sent = time.GetTimestamp())
        {
            time.Observe(pages.Current.GetRawResponse(), sent);
            foreach (var entity in pages.Current.Values)
            {
                await TakeOrDeleteAsync(entity, take, ct).ConfigureAwait(false);
            }
        }
    }, ct);

    public ValueTask<SavedBudget?> AddAsync(SavedBudget added, CancellationToken ct) => ChangeAsync(
        added with { Spent = 0 },
        before =>
        {
            var at = Math.Max(before.At, added.At);
            return before with { Spent = before.SpentAt(at) + added.Spent, At = at, Refill = added.Refill };
        },
        isOnlyAsked: added.Spent == 0,
        ct);

    public async ValueTask<bool> ResetAsync(ulong key, CancellationToken ct) => await ChangeAsync(
        new SavedBudget(key, 0, 0, double.Epsilon),
        before => before with { Spent = 0, At = time.Seconds, Resets = before.Resets + 1 },
        isOnlyAsked: false,
        ct).ConfigureAwait(false) is not null;

    private async Task TakeOrDeleteAsync(TableEntity entity, Action<SavedBudget> take, CancellationToken ct)
    {
        if (Read(entity) is not { } saved)
        {
            return;
        }

        // A row that was begun anew stays for a day: every instance must see that it was.
        if (saved.SpentAt(time.Seconds) > 0 || (saved.Resets > 0 && time.Seconds < saved.At + KeepResets))
        {
            take(saved);
        }
        else
        {
            // Another instance may have added to it meanwhile, and then it stays.
            await table.DeleteAsReadAsync(entity, ct).ConfigureAwait(false);
        }
    }

    private ValueTask<SavedBudget?> ChangeAsync(SavedBudget none, Func<SavedBudget, SavedBudget> change, bool isOnlyAsked, CancellationToken ct) =>
        _calls.AskAsync<SavedBudget?>(async () =>
        {
            var row = none.Key.ToString("x16", CultureInfo.InvariantCulture);
            for (var i = 0; i < Tries; i++)
            {
                var sent = time.GetTimestamp();
                var found = await table.GetEntityIfExistsAsync<TableEntity>(row[..2], row, cancellationToken: ct).ConfigureAwait(false);
                time.Observe(found.GetRawResponse(), sent);
                var before = found.HasValue && Read(found.Value!) is { } saved ? saved : none;
                if (isOnlyAsked)
                {
                    return before;
                }

                var after = change(before);
                var entity = new TableEntity(row[..2], row)
                {
                    ["Spent"] = after.Spent,
                    ["At"] = (long)after.At,
                    ["Refill"] = after.Refill,
                    ["Resets"] = after.Resets,
                };
                if (await TryWriteAsync(entity, found.HasValue ? found.Value!.ETag : null, ct).ConfigureAwait(false))
                {
                    return after;
                }
            }

            return null;
        }, ct);

    // A row of the future was dated by a wrong clock: it would refill no further until its time has come.
    private SavedBudget? Read(TableEntity entity) =>
        ulong.TryParse(entity.RowKey, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key) && key != 0
        && entity.TryGetValue("Spent", out var spent) && spent is double share && double.IsFinite(share) && share >= 0
        && entity.TryGetValue("At", out var at) && at is long and >= 0 and <= uint.MaxValue
        && entity.TryGetValue("Refill", out var refill) && refill is double rate && rate > 0
            ? new SavedBudget(key, share, Math.Min((uint)(long)at, time.Seconds), rate, entity.TryGetValue("Resets", out var resets) && resets is int count ? count : 0)
            : null;

    private async Task<bool> TryWriteAsync(TableEntity entity, ETag? etag, CancellationToken ct)
    {
        try
        {
            await (etag is { } known
                ? table.UpdateEntityAsync(entity, known, TableUpdateMode.Replace, ct)
                : table.AddEntityAsync(entity, ct)).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException failure) when (failure is { Status: 409 or 412 } || failure.ErrorCode == "ResourceNotFound")
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5030, LogLevel.Warning, "The table service answered {Status} to a call about information budgets.")]
        public static partial void StoreTrouble(ILogger log, int status);
    }
}
