using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Tests.Quotas.Simulation;
using static FuncAiSecure.Core.Tests.Quotas.QuotaStage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>
/// What a minute policy with a burst admits in any 60 seconds, wherever they begin: the documented bound, under demand that
/// takes whatever it can get, before and after a minute's boundary.
/// </summary>
public sealed class MinuteBoundaryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Any_60_seconds_admit_at_most_the_amount_and_the_burst(int instances)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var amount = random.Next(60, 1_200);
            var burst = random.Next(instances, 60);
            var admitted = Saturate(instances, amount, burst, random);

            // Several instances share the bucket in whole tokens, and follow each other's coming with a block's delay.
            var bound = amount + (instances == 1 ? burst : instances * (burst + 2));
            Busiest(admitted).ShouldBeLessThanOrEqualTo(bound, $"seed {seed}: {amount} a minute, burst {burst}");
            Busiest(admitted).ShouldBeLessThanOrEqualTo(2 * amount);
            admitted.Count.ShouldBeGreaterThan(amount / 2);
        }
    }

    private static List<long> Saturate(int instances, int amount, int burst, Random random)
    {
        var stage = new QuotaStage(("minute", Limit(PolicyWindow.Minute, amount)), ("burst", Limit(PolicyWindow.Burst, burst)));
        var admitted = new List<long>();
        var all = Enumerable.Range(0, instances).Select(i => stage.Instance($"i{i}")).ToList();
        var start = stage.World.Now;
        foreach (var instance in all)
        {
            // A trickle first, so that the instances know of each other; then all that can be had.
            for (var at = start; at < start + TimeSpan.FromSeconds(110).Ticks; at += TimeSpan.FromMilliseconds(at < start + TimeSpan.FromSeconds(5).Ticks ? 500 : random.Next(4, 30)).Ticks)
            {
                stage.World.At(at, () => instance.Context.Run(() => _ = AskAsync(stage, instance, admitted)));
            }
        }

        stage.World.RunUntil(start + TimeSpan.FromSeconds(115).Ticks);
        return admitted;
    }

    private static async Task AskAsync(QuotaStage stage, SimInstance instance, List<long> admitted)
    {
        var admission = await instance.Quotas.AdmitAsync(Caller(), null, CancellationToken.None);
        if (admission.IsAdmitted)
        {
            admitted.Add(stage.World.Now);
        }

        admission.Lease.Complete(ran: true);
    }

    private static int Busiest(List<long> admitted)
    {
        admitted.Sort();
        var most = 0;
        for (int from = 0, to = 0; to < admitted.Count; to++)
        {
            while (admitted[to] - admitted[from] >= TimeSpan.TicksPerMinute)
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most;
    }
}
