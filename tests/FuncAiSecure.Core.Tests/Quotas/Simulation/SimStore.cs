using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Tests.Quotas.Simulation;

/// <summary>How often what goes wrong on the way to the table and back.</summary>
internal sealed record SimFaults(double LostBefore, double LostAfter, double Late, double Busy)
{
    public static SimFaults None { get; } = new(0, 0, 0, 0);
}

/// <summary>
/// One instance's way to the table. A call may be lost before the service, its answer may be lost after the write, it may
/// be written long after the caller gave up, or be refused at once without anybody knowing whether it was written.
/// </summary>
internal sealed class SimStore(SimWorld world, SimTable table, SimContext context, ServiceClock clock, TimeProvider time, SimFaults faults) : IQuotaStore
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public bool IsAway { get; set; }

    /// <summary>Only the partitions of counters do not answer; plans can be read.</summary>
    public bool AreCountersAway { get; set; }

    public int Calls { get; private set; }

    public ValueTask<StoreRead> ReadAsync(RowAddress address, CancellationToken ct) =>
        new(Call(() => table.Read(address), new StoreRead(StoreOutcome.Unavailable), AreCountersAway));

    public ValueTask<StoreWrite> InsertAsync(RowAddress address, WindowRow row, CancellationToken ct) =>
        new(Call(() => table.Insert(address, row), new StoreWrite(StoreOutcome.Unknown), AreCountersAway));

    public ValueTask<StoreWrite> ReplaceAsync(RowAddress address, WindowRow row, string etag, CancellationToken ct) =>
        new(Call(() => table.Replace(address, row, etag), new StoreWrite(StoreOutcome.Unknown), AreCountersAway));

    public ValueTask<StorePlan> ReadPlanAsync(RowAddress address, CancellationToken ct) =>
        new(Call(() => table.ReadPlan(address), new StorePlan(StoreOutcome.Unavailable)));

    public ValueTask<StoreOutcome> WritePlanAsync(RowAddress address, string? plan, CancellationToken ct) =>
        new(Call(() => table.WritePlan(address, plan), StoreOutcome.Unknown));

    public ValueTask<int?> SweepAsync(DateTime endedBefore, CancellationToken ct) =>
        new(Call<int?>(() => table.Sweep(endedBefore), null));

    private Task<T> Call<T>(Func<T> work, T failure, bool isAway = false)
    {
        Calls++;
        var answer = new TaskCompletionSource<T>();
        var sent = time.GetTimestamp();
        var fate = world.Random.NextDouble();
        isAway |= IsAway;
        if (isAway || fate < faults.LostBefore)
        {
            Answer(answer, failure, isAway ? Latency() : Timeout);
            return answer.Task;
        }

        fate -= faults.LostBefore;
        var way = Latency();
        if (fate < faults.LostAfter)
        {
            world.After(way, () => work());
            Answer(answer, failure, Timeout);
        }
        else if (fate < faults.LostAfter + faults.Late)
        {
            world.After(TimeSpan.FromSeconds(world.Random.NextDouble() * 8), () => work());
            Answer(answer, failure, Timeout);
        }
        else if (fate < faults.LostAfter + faults.Late + faults.Busy)
        {
            if (world.Random.Next(2) == 0)
            {
                world.After(way, () => work());
            }

            Answer(answer, failure, way + Latency());
        }
        else
        {
            world.After(way, () =>
            {
                var result = work();
                var date = new DateTimeOffset(world.Now - (world.Now % TimeSpan.TicksPerSecond), TimeSpan.Zero);
                world.After(Latency(), () => context.Run(() =>
                {
                    clock.Observe(date, sent, time.GetTimestamp());
                    answer.SetResult(result);
                }));
            });
        }

        return answer.Task;
    }

    private void Answer<T>(TaskCompletionSource<T> answer, T result, TimeSpan delay) =>
        world.After(delay, () => context.Run(() => answer.SetResult(result)));

    /// <summary>1 to 12 ms one way, now and then ten times as long.</summary>
    private TimeSpan Latency() =>
        TimeSpan.FromMilliseconds((1 + (11 * world.Random.NextDouble())) * (world.Random.Next(20) == 0 ? 10 : 1));
}
