using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>
/// Promotions in one table: a partition a model, one row for each entry of its history and one, replaced by ETag in the same
/// transaction, that is the entry in force. History and pointer cannot disagree.
/// </summary>
internal sealed class TablePromotionStore(TableClient table) : IPromotionStore
{
    private const string CurrentRow = "current";
    private bool _exists;

    /// <inheritdoc />
    public Task<CurrentPromotions> ReadCurrentAsync(CancellationToken cancellation) => CallAsync(async () =>
    {
        var (entries, unreadable) = (new List<Promotion>(), new List<string>());
        await foreach (var row in table.QueryAsync<TableEntity>($"RowKey eq '{CurrentRow}'", cancellationToken: cancellation).ConfigureAwait(false))
        {
            try
            {
                entries.Add(Read(row));
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                unreadable.Add(row.PartitionKey);
            }
        }

        return new CurrentPromotions(entries, unreadable);
    }, cancellation);

    /// <inheritdoc />
    public Task<Promotion?> ReadAsync(string model, long sequence, CancellationToken cancellation) => CallAsync(async () =>
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(model, HistoryRow(sequence), cancellationToken: cancellation).ConfigureAwait(false);
        return row.HasValue ? Read(row.Value!) : null;
    }, cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<Promotion>> ReadHistoryAsync(string model, int count, CancellationToken cancellation) => CallAsync<IReadOnlyList<Promotion>>(async () =>
    {
        var found = new List<Promotion>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {model} and RowKey ne {CurrentRow}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation).ConfigureAwait(false))
        {
            found.Add(Read(row));
            if (found.Count == count)
            {
                break;
            }
        }

        return found;
    }, cancellation);

    /// <inheritdoc />
    public Task<bool> TryAddAsync(Promotion next, CancellationToken cancellation) => CallAsync(async () =>
    {
        var current = Write(next, CurrentRow);
        var pointer = new TableTransactionAction(TableTransactionActionType.Add, current);
        if (next.Sequence > 1)
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(next.Model, CurrentRow, cancellationToken: cancellation).ConfigureAwait(false);
            if (!row.HasValue || Read(row.Value!).Sequence != next.Sequence - 1)
            {
                return false;
            }

            pointer = new TableTransactionAction(TableTransactionActionType.UpdateReplace, current, row.Value!.ETag);
        }

        try
        {
            await table.SubmitTransactionAsync(
                [pointer, new TableTransactionAction(TableTransactionActionType.Add, Write(next, HistoryRow(next.Sequence)))], cancellation).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }, cancellation);

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            if (!_exists)
            {
                await table.CreateIfNotExistsAsync(cancellation).ConfigureAwait(false);
                _exists = true;
            }

            return await call().ConfigureAwait(false);
        }
        catch (RequestFailedException e)
        {
            // A table that was deleted meanwhile is made again by the next call.
            _exists = e.Status != 404 && _exists;
            throw new PromotionStoreException($"Table Storage answered {e.Status}.", e);
        }
        catch (Exception e) when (ServiceFailure.Is(e, cancellation))
        {
            throw new PromotionStoreException("Table Storage cannot be reached.", e);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new PromotionStoreException("The table of promotions holds a row that is none.", e);
        }
    }

    // Rows sort by their key: the newest entry comes first.
    private static string HistoryRow(long sequence) => string.Create(CultureInfo.InvariantCulture, $"h{long.MaxValue - sequence:D19}");

    private static TableEntity Write(Promotion promotion, string row)
    {
        var entity = new TableEntity(promotion.Model, row)
        {
            ["Sequence"] = promotion.Sequence,
            ["Version"] = promotion.Version,
            ["CanaryPercent"] = promotion.CanaryPercent,
            ["RollbackTo"] = promotion.RollbackTo,
            ["IsRollback"] = promotion.IsRollback,
            ["PreviousVersion"] = promotion.PreviousVersion,
            ["By"] = promotion.By,
            ["At"] = promotion.At,
        };
        if (promotion.CanaryVersion is { } canary)
        {
            entity["CanaryVersion"] = canary;
        }

        return entity;
    }

    private static Promotion Read(TableEntity row) => new()
    {
        Model = row.PartitionKey,
        Sequence = row.GetInt64("Sequence") is { } sequence and > 0 ? sequence : throw new FormatException(),
        Version = row.GetInt32("Version") is { } version and > 0 ? version : throw new FormatException(),
        CanaryVersion = row.GetInt32("CanaryVersion"),
        CanaryPercent = (row.GetInt32("CanaryPercent") ?? 0) is var percent and >= 0 and <= 100 ? percent : throw new FormatException(),
        RollbackTo = row.GetInt64("RollbackTo") ?? 0,
        IsRollback = row.GetBoolean("IsRollback") ?? false,
        PreviousVersion = row.GetInt32("PreviousVersion") ?? 0,
        By = row.GetString("By") ?? "",
        At = row.GetDateTimeOffset("At") ?? default,
    };
}
