using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Keeping;

/// <summary>
/// One table: partitions <c>p-00</c> to <c>p-ff</c> hold profiles by their hash, <c>model</c> those of models, <c>anomaly</c> the
/// anomalies, newest first, and <c>lowered</c> the plans that are lowered.
/// </summary>
internal sealed class TableBehaviourStore(TableClient table, ILogger log) : IBehaviourStore
{
    private const string Anomalies = "anomaly";
    private const string Lowered = "lowered";
    private const string Models = "model";
    private const string ProfilesEnd = "p.";
    private const int MaxTransaction = 100;

    private readonly TableCalls _calls = new(table, status => BehaviourLog.StoreTrouble(log, status));

    public ValueTask<bool> SaveAsync(IReadOnlyList<SavedState> states, CancellationToken ct) => _calls.TryAsync(async () =>
    {
        foreach (var partition in states.GroupBy(PartitionOf))
        {
            foreach (var part in partition.Chunk(MaxTransaction))
            {
                var writes = part.Select(state => new TableTransactionAction(TableTransactionActionType.UpsertReplace, EntityOf(partition.Key, state)));
                await table.SubmitTransactionAsync(writes, ct).ConfigureAwait(false);
            }
        }
    }, ct);

    public ValueTask<bool> LoadAsync(Action<SavedState> take, CancellationToken ct) => _calls.TryAsync(async () =>
    {
        await LoadAsync(TableClient.CreateQueryFilter($"PartitionKey ge {"p-"} and PartitionKey lt {ProfilesEnd}"), isModel: false, take, ct).ConfigureAwait(false);
        await LoadAsync(TableClient.CreateQueryFilter($"PartitionKey eq {Models}"), isModel: true, take, ct).ConfigureAwait(false);
    }, ct);

    public ValueTask<bool> AddAsync(Anomaly anomaly, CancellationToken ct) =>
        _calls.TryAsync(() => table.UpsertEntityAsync(AnomalyEntity.Write(Anomalies, anomaly), TableUpdateMode.Replace, ct), ct);

    public async ValueTask<IReadOnlyList<Anomaly>?> ListAsync(int limit, CancellationToken ct)
    {
        var found = new List<Anomaly>();
        var isRead = await _calls.TryAsync(async () =>
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Anomalies}");
            await foreach (var entity in table.QueryAsync<TableEntity>(filter, maxPerPage: limit, cancellationToken: ct).ConfigureAwait(false))
            {
                if (AnomalyEntity.TryRead(entity, out var anomaly))
                {
                    found.Add(anomaly);
                }

                if (found.Count == limit)
                {
                    break;
                }
            }
        }, ct).ConfigureAwait(false);
        return isRead ? found : null;
    }

    public ValueTask<bool> SweepAsync(DateTimeOffset before, CancellationToken ct) => _calls.TryAsync(async () =>
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Anomalies} and RowKey gt {AnomalyEntity.KeyAt(before)}");
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: ct).ConfigureAwait(false))
        {
            await table.DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ETag.All, ct).ConfigureAwait(false);
        }
    }, ct);

    public ValueTask<bool> SweepProfilesAsync(DateTimeOffset before, CancellationToken ct) => _calls.TryAsync(async () =>
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {Models} and PartitionKey lt {ProfilesEnd} and Timestamp lt {before}");
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: ct).ConfigureAwait(false))
        {
            // An instance may have saved it meanwhile, and then it stays.
            await table.DeleteAsReadAsync(entity, ct).ConfigureAwait(false);
        }
    }, ct);

    public ValueTask<bool> AddLoweredAsync(LoweredPlan lowered, CancellationToken ct) => _calls.TryAsync(() => table.UpsertEntityAsync(
        new TableEntity(Lowered, LoweredKey(lowered.Principal))
        {
            ["Principal"] = lowered.Principal,
            ["Plan"] = lowered.Plan,
            ["Until"] = lowered.Until,
        },
        TableUpdateMode.Replace,
        ct), ct);

    public async ValueTask<IReadOnlyList<LoweredPlan>?> ListLoweredAsync(CancellationToken ct)
    {
        var found = new List<LoweredPlan>();
        var isRead = await _calls.TryAsync(async () =>
        {
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Lowered}");
            await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: ct).ConfigureAwait(false))
            {
                if (entity.GetString("Principal") is { } principal && entity.GetString("Plan") is { } plan && entity.GetDateTimeOffset("Until") is { } until)
                {
                    found.Add(new LoweredPlan(principal, plan, until));
                }
            }
        }, ct).ConfigureAwait(false);
        return isRead ? found : null;
    }

    public ValueTask<bool> RemoveLoweredAsync(string principal, CancellationToken ct) =>
        _calls.TryAsync(() => table.DeleteEntityAsync(Lowered, LoweredKey(principal), ETag.All, ct), ct);

    private static string PartitionOf(SavedState state) =>
        state.IsModel ? Models : string.Create(CultureInfo.InvariantCulture, $"p-{state.Key >> 56:x2}");

    private static TableEntity EntityOf(string partition, SavedState state) => new(partition, KeyOf(state.Key))
    {
        ["Format"] = state.Format,
        ["State"] = state.Bytes,
    };

    private static string KeyOf(ulong key) => key.ToString("x16", CultureInfo.InvariantCulture);

    // A principal may hold characters that a row key must not.
    private static string LoweredKey(string principal) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(principal)));

    private async Task LoadAsync(string filter, bool isModel, Action<SavedState> take, CancellationToken ct)
    {
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: ct).ConfigureAwait(false))
        {
            if (ulong.TryParse(entity.RowKey, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
                && entity.TryGetValue("Format", out var format) && format is int number
                && entity.TryGetValue("State", out var state) && Bytes(state) is { } bytes)
            {
                take(new SavedState(key, isModel, number, bytes));
            }
        }
    }

    private static byte[]? Bytes(object? value) => value switch
    {
        byte[] bytes => bytes,
        BinaryData data => data.ToArray(),
        _ => null,
    };
}
