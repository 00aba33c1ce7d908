using Azure;
using Azure.Data.Tables;

namespace FuncAiSecure.Benchmarks.Quotas;

/// <summary>
/// A counter in a row, written for every request. With <paramref name="swap"/> the write must meet the row that was read
/// (and is tried again if not); without, it overwrites, as an upsert does.
/// </summary>
internal sealed class RowDesign(TableServiceClient tables, long amount, bool swap) : IQuotaDesign
{
    private const int MaxTries = 200;
    private const string Count = "Count";
    private readonly TableClient _table = tables.GetTableClient("Rows");
    private readonly string _key = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _first = new(1);
    private bool _made;
    private long _calls;

    public string Name => swap ? "compare-and-swap a request" : "read, then write";

    public long Calls => Volatile.Read(ref _calls);

    public void StartCounting() => Volatile.Write(ref _calls, 0);

    public async ValueTask<bool> AdmitAsync(int number, CancellationToken ct)
    {
        await MakeAsync(ct);
        for (var attempt = 0; attempt < MaxTries && !ct.IsCancellationRequested; attempt++)
        {
            Interlocked.Increment(ref _calls);
            var row = (await _table.GetEntityAsync<TableEntity>(_key, "day", cancellationToken: ct)).Value;
            var count = row.GetInt64(Count)!.Value;
            if (count >= amount)
            {
                return false;
            }

            var next = new TableEntity(_key, "day") { [Count] = count + 1 };
            Interlocked.Increment(ref _calls);
            try
            {
                await _table.UpdateEntityAsync(next, swap ? row.ETag : ETag.All, TableUpdateMode.Replace, ct);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                continue; // somebody else was faster
            }
        }

        return false;
    }

    public ValueTask DisposeAsync()
    {
        _first.Dispose();
        return default;
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        if (_made)
        {
            return;
        }

        await _first.WaitAsync(ct);
        try
        {
            if (!_made)
            {
                await _table.CreateIfNotExistsAsync(ct);
                await _table.AddEntityAsync(new TableEntity(_key, "day") { [Count] = 0L }, ct);
                _made = true;
            }
        }
        finally
        {
            _first.Release();
        }
    }
}
