using FuncAiSecure.Core.Tests.Quotas.Simulation;
using Xunit.Abstractions;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>
/// Ten thousand seeded schedules of one to five instances with wrong clocks. A failing seed is printed;
/// <see cref="A_seed_replays"/> runs it alone.
/// </summary>
public sealed class LedgerSimulationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("clean", 0, 3_000, false, false, false)]
    [InlineData("refunds", 10_000, 1_000, false, false, true)]
    [InlineData("crashes", 20_000, 2_000, false, true, true)]
    [InlineData("faults", 30_000, 2_000, true, false, true)]
    [InlineData("faults and crashes", 40_000, 2_000, true, true, true)]
    public void Schedules_never_admit_more_than_the_amount(string name, int first, int count, bool faults, bool crashes, bool refunds)
    {
        var problems = new List<string>();
        long requests = 0, admitted = 0, unavailable = 0, calls = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var schedule = Schedule.Run(seed, new ScheduleShape(faults, crashes, refunds));
            problems.AddRange(schedule.Problems);
            requests += schedule.Requests;
            admitted += schedule.Admitted;
            unavailable += schedule.Unavailable;
            calls += schedule.StoreCalls;
        }

        output.WriteLine($"{name}: {requests} requests, {admitted} admitted, {unavailable} unavailable, {calls} storage calls");
        problems.ShouldBeEmpty();
        admitted.ShouldBeGreaterThan(requests / 10);
    }

    [Theory]
    [InlineData(42, true, true, true)]
    public void A_seed_replays(int seed, bool faults, bool crashes, bool refunds)
    {
        var shape = new ScheduleShape(faults, crashes, refunds);

        var one = Schedule.Run(seed, shape);
        var two = Schedule.Run(seed, shape);

        (two.Requests, two.Admitted, two.Unavailable, two.StoreCalls).ShouldBe((one.Requests, one.Admitted, one.Unavailable, one.StoreCalls));
    }
}
