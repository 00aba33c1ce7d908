using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>Counters in Table Storage. Each call is bounded in time, whatever retries the client has.</summary>
internal sealed class TableQuotaStore(TableClient table, ServiceClock clock, TimeProvider time, TimeSpan callTimeout, ILogger log) : IQuotaStore
{
    private const string PlanColumn = "Plan";

    public async ValueTask<StoreRead> ReadAsync(RowAddress address, CancellationToken ct)
    {
        var (outcome, entity) = await GetAsync(address, ct);
        if (entity is null)
        {
            return new StoreRead(outcome);
        }

        if (WindowRowEntity.TryRead(entity, out var row))
        {
            return new StoreRead(StoreOutcome.Done, row, entity.ETag.ToString());
        }

        QuotaLog.RowUnreadable(log);
        return new StoreRead(StoreOutcome.Unavailable);
    }

    public ValueTask<StoreWrite> InsertAsync(RowAddress address, WindowRow row, CancellationToken ct) =>
        WriteAsync(token => table.AddEntityAsync(WindowRowEntity.Write(address, row), token), ct);

    public ValueTask<StoreWrite> ReplaceAsync(RowAddress address, WindowRow row, string etag, CancellationToken ct) =>
        WriteAsync(token => table.UpdateEntityAsync(WindowRowEntity.Write(address, row), new ETag(etag), TableUpdateMode.Replace, token), ct);

    public async ValueTask<StorePlan> ReadPlanAsync(RowAddress address, CancellationToken ct)
    {
        var (outcome, entity) = await GetAsync(address, ct);
        return new StorePlan(outcome, entity?.GetString(PlanColumn));
    }

    public async ValueTask<StoreOutcome> WritePlanAsync(RowAddress address, string? plan, CancellationToken ct)
    {
        var write = await WriteAsync(
            token => plan is null
                ? table.DeleteEntityAsync(address.PartitionKey, address.RowKey, ETag.All, token)
                : table.UpsertEntityAsync(
                    new TableEntity(address.PartitionKey, address.RowKey) { [PlanColumn] = plan }, TableUpdateMode.Replace, token),
            ct);
        return write.Outcome;
    }

    public async ValueTask<int?> SweepAsync(DateTime endedBefore, CancellationToken ct)
    {
        var count = 0;
        try
        {
            var filter = TableClient.CreateQueryFilter($"EndsAt lt {new DateTimeOffset(endedBefore)}");
            await foreach (var entity in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: ct))
            {
                await table.DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ETag.All, ct);
                count++;
            }

            return count;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return count;
        }
        catch (Exception e) when (ServiceFailure.Is(e, ct))
        {
            QuotaLog.StoreTrouble(log, ServiceFailure.StatusOf(e));
            return null;
        }
    }

    private async ValueTask<(StoreOutcome Outcome, TableEntity? Entity)> GetAsync(RowAddress address, CancellationToken ct)
    {
        TableEntity? found = null;
        var outcome = await CallAsync(
            async token =>
            {
                var answer = await table.GetEntityIfExistsAsync<TableEntity>(address.PartitionKey, address.RowKey, cancellationToken: token);
                found = answer.HasValue ? answer.Value : null;
                return answer.GetRawResponse();
            },
            ct);
        return outcome switch
        {
            StoreOutcome.Done => (found is null ? StoreOutcome.Missing : StoreOutcome.Done, found),
            StoreOutcome.Unknown or StoreOutcome.Conflict => (StoreOutcome.Unavailable, null),
            _ => (outcome, null),
        };
    }

    private async ValueTask<StoreWrite> WriteAsync(Func<CancellationToken, Task<Response>> call, CancellationToken ct)
    {
        string? etag = null;
        var outcome = await CallAsync(
            async token =>
            {
                var answer = await call(token);
                etag = answer.Headers.ETag?.ToString();
                return answer;
            },
            ct);
        return outcome == StoreOutcome.Missing ? new StoreWrite(StoreOutcome.Conflict) : new StoreWrite(outcome, etag);
    }

    private async ValueTask<StoreOutcome> CallAsync(Func<CancellationToken, Task<Response>> call, CancellationToken ct)
    {
        for (var tableMade = false; ; tableMade = true)
        {
            using var timeout = new CancellationTokenSource(callTimeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            var sent = time.GetTimestamp();
            try
            {
                clock.Observe(await call(linked.Token), sent);
                return StoreOutcome.Done;
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound && !tableMade)
            {
                clock.Observe(e.GetRawResponse(), sent);
                if (!await MakeTableAsync(ct))
                {
                    return StoreOutcome.Unavailable;
                }
            }
            catch (RequestFailedException e)
            {
                clock.Observe(e.GetRawResponse(), sent);
                return Judge(e.Status);
            }
            catch (Exception e) when (e is OperationCanceledException || ServiceFailure.IsTrouble(e))
            {
                // Time is up, every retry of the client failed, or the identity could not be proven, for a second try perhaps: a write
                // may have been done, or may be done yet.
                QuotaLog.StoreTrouble(log, 0);
                return StoreOutcome.Unknown;
            }
        }
    }

    private StoreOutcome Judge(int status)
    {
        switch (status)
        {
            case 409 or 412:
                return StoreOutcome.Conflict;
            case 404:
                return StoreOutcome.Missing;
            case >= 400 and < 500 and not 408 and not 429:
                QuotaLog.StoreTrouble(log, status);
                return StoreOutcome.Unavailable;
            default:
                QuotaLog.StoreTrouble(log, status);
                return StoreOutcome.Unknown;
        }
    }

    private async ValueTask<bool> MakeTableAsync(CancellationToken ct)
    {
        try
        {
            await table.CreateIfNotExistsAsync(ct);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException || ServiceFailure.IsTrouble(e))
        {
            QuotaLog.StoreTrouble(log, ServiceFailure.StatusOf(e));
            return false;
        }
    }
}
