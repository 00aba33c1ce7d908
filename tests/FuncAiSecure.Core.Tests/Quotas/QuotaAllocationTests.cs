using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Counts allocations of its own thread only.</summary>
public sealed class QuotaAllocationTests
{
    [Fact]
    public void A_warm_decision_completes_at_once_and_allocates_nothing()
    {
        var stage = new QuotaStage(
            ("burst", new PolicyOptions { Window = PolicyWindow.Burst, Amount = 1_000_000, RefillPerSecond = 1_000_000 }),
            ("concurrent", QuotaStage.Limit(PolicyWindow.Concurrent, 8)),
            ("minute", QuotaStage.Limit(PolicyWindow.Minute, 10_000_000)),
            ("day", QuotaStage.Limit(PolicyWindow.Day, 10_000_000)),
            ("units", QuotaStage.Limit(PolicyWindow.Month, 10_000_000, QuotaUnit.InputUnits)));
        var instance = stage.Instance();
        var caller = QuotaStage.Caller();
        for (var i = 0; i < 3_000; i++)
        {
            var admission = stage.Ask(instance);
            stage.Reserve(instance, admission.Lease, 20).ShouldBeNull();
            admission.Lease.Complete(ran: true);
        }

        stage.Wait(TimeSpan.FromSeconds(1));
        var buffer = new char[1_024];
        Decide(instance.Quotas, caller, buffer, 50).ShouldBe(50);
        var decided = 0;

        Allocation.Of(() => decided = Decide(instance.Quotas, caller, buffer, 20)).ShouldBe(0);

        decided.ShouldBe(20);
    }

    /// <summary>How many decisions were made synchronously. Virtual time stands still, so no renewal ends in between.</summary>
    private static int Decide(QuotaService quotas, Core.Identity.Principal caller, char[] buffer, int count)
    {
        var decided = 0;
        for (var i = 0; i < count; i++)
        {
            var admission = quotas.AdmitAsync(caller, "model", CancellationToken.None);
            if (!admission.IsCompletedSuccessfully || !admission.Result.IsAdmitted)
            {
                continue;
            }

            var lease = admission.Result.Lease;
            var units = lease.ReserveInputUnitsAsync(1, CancellationToken.None);
            decided += units.IsCompletedSuccessfully && lease.TryFormatRateLimit(buffer, out _) ? 1 : 0;
            lease.Complete(ran: true);
        }

        return decided;
    }
}
