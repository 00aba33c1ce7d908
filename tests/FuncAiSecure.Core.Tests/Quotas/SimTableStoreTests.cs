using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Tests.Quotas.Simulation;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>The contract on the simulated table: the simulations are worth what it is worth.</summary>
public sealed class SimTableStoreTests : QuotaStoreContract
{
    private protected override IQuotaStore Store { get; } = new DirectStore(new SimTable());

    private sealed class DirectStore(SimTable table) : IQuotaStore
    {
        public ValueTask<StoreRead> ReadAsync(RowAddress address, CancellationToken ct) => new(table.Read(address));

        public ValueTask<StoreWrite> InsertAsync(RowAddress address, WindowRow row, CancellationToken ct) => new(table.Insert(address, row));

        public ValueTask<StoreWrite> ReplaceAsync(RowAddress address, WindowRow row, string etag, CancellationToken ct) =>
            new(table.Replace(address, row, etag));

        public ValueTask<StorePlan> ReadPlanAsync(RowAddress address, CancellationToken ct) => new(table.ReadPlan(address));

        public ValueTask<StoreOutcome> WritePlanAsync(RowAddress address, string? plan, CancellationToken ct) => new(table.WritePlan(address, plan));

        public ValueTask<int?> SweepAsync(DateTime endedBefore, CancellationToken ct) => new(table.Sweep(endedBefore));
    }
}
