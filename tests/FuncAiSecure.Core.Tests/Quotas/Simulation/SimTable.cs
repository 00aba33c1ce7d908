using FuncAiSecure.Core.Quotas.Ledger;

namespace FuncAiSecure.Core.Tests.Quotas.Simulation;

/// <summary>The service's side: rows with ETags that change on every write, one request at a time.</summary>
internal sealed class SimTable
{
    private readonly Dictionary<RowAddress, (WindowRow Row, string ETag)> _rows = [];
    private readonly Dictionary<RowAddress, string> _plans = [];
    private long _version;

    public IEnumerable<WindowRow> Rows => _rows.Values.Select(value => value.Row);

    public StoreRead Read(RowAddress address) =>
        _rows.TryGetValue(address, out var found) ? new StoreRead(StoreOutcome.Done, found.Row, found.ETag) : new StoreRead(StoreOutcome.Missing);

    public StoreWrite Insert(RowAddress address, WindowRow row) =>
        _rows.ContainsKey(address) ? new StoreWrite(StoreOutcome.Conflict) : Put(address, row);

    public StoreWrite Replace(RowAddress address, WindowRow row, string etag) =>
        _rows.TryGetValue(address, out var found) && found.ETag == etag ? Put(address, row) : new StoreWrite(StoreOutcome.Conflict);

    public StorePlan ReadPlan(RowAddress address) =>
        _plans.TryGetValue(address, out var plan) ? new StorePlan(StoreOutcome.Done, plan) : new StorePlan(StoreOutcome.Missing);

    public StoreOutcome WritePlan(RowAddress address, string? plan)
    {
        if (plan is null)
        {
            _plans.Remove(address);
        }
        else
        {
            _plans[address] = plan;
        }

        return StoreOutcome.Done;
    }

    public int Sweep(DateTime endedBefore)
    {
        var ended = _rows.Where(row => row.Value.Row.EndsAt < endedBefore).Select(row => row.Key).ToList();
        ended.ForEach(key => _rows.Remove(key));
        return ended.Count;
    }

    private StoreWrite Put(RowAddress address, WindowRow row)
    {
        var etag = $"W/\"{++_version}\"";
        _rows[address] = (row, etag);
        return new StoreWrite(StoreOutcome.Done, etag);
    }
}
