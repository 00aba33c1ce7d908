using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>
/// Keeps what is unknown of the service's clock small, because requests wait for that long at a window's boundary. Begins with the
/// process, so that the first request finds the clock known: some twelve reads in the first second or so, among which a whole second
/// ticks over, then reads at moments when the answer halves the unknown, about one a minute in the long run.
/// </summary>
internal static class ClockTuner
{
    private const int FirstReads = 12;
    private static readonly TimeSpan BetweenFirstReads = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FoundTick = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan GoodEnough = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>A row that is never there; only the answer's date matters.</summary>
    private static readonly RowAddress Nothing = QuotaKeys.Plan(PrincipalId.TryParse("-", out var id) ? id : default);

    public static async Task RunAsync(LedgerContext context, CancellationToken ct)
    {
        try
        {
            await FindTickAsync(context, ct);
            var pause = Pause;
            while (true)
            {
                await Task.Delay(pause, context.Time, ct);
                if (!context.Clock.IsSet)
                {
                    // Storage was away at the start.
                    await AskAsync(context, ct);
                    pause = context.Clock.IsSet ? Pause : LongPause;
                    continue;
                }

                var before = context.Clock.Uncertainty;
                if (before <= GoodEnough)
                {
                    pause = LongPause;
                    continue;
                }

                await Task.Delay(context.Clock.UntilTellingMoment(), context.Time, ct);
                await AskAsync(context, ct);

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

    // The date of answers has whole seconds: two close answers on both sides of a tick tell to a tenth of a second what time it is.
    private static async Task FindTickAsync(LedgerContext context, CancellationToken ct)
    {
        for (var asked = 0; asked < FirstReads && !(context.Clock.IsSet && context.Clock.Uncertainty < FoundTick); asked++)
        {
            await AskAsync(context, ct);
            await Task.Delay(BetweenFirstReads, context.Time, ct);
        }
    }

    private static async Task AskAsync(LedgerContext context, CancellationToken ct) =>
        context.Metrics.Read((await context.Store.ReadPlanAsync(Nothing, ct)).Outcome);
}
