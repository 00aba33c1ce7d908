using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// Keeps what is unknown of the service's clock small, because requests wait for that long at a window's boundary. Asks the
/// store at moments when the answer halves the unknown: some five reads after the start, then about one a minute.
/// </summary>
internal static class ClockTuner
{
    private static readonly TimeSpan GoodEnough = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A row that is never there; only the answer's date matters.</summary>
    private static readonly RowAddress Nothing = QuotaKeys.Plan(PrincipalId.TryParse("-", out var id) ? id : default);

    public static async Task RunAsync(LedgerContext context, CancellationToken ct)
    {
        try
        {
            var pause = Pause;
            while (true)
            {
                await Task.Delay(pause, context.Time, ct);
                var before = context.Clock.Uncertainty;
                if (before <= GoodEnough)
                {
                    pause = Pause * 5;
                    continue;
                }

                await Task.Delay(context.Clock.UntilTellingMoment(), context.Time, ct);
                context.Metrics.Read((await context.Store.ReadPlanAsync(Nothing, ct)).Outcome);

                // Where the way to the service is too long to learn more, it is asked ever less often.
                var narrowed = context.Clock.Uncertainty < before * 0.8;
                pause = narrowed ? Pause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }
}
