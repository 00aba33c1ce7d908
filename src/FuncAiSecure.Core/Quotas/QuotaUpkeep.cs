using FuncAiSecure.Core.Quotas.Ledger;

namespace FuncAiSecure.Core.Quotas;

/// <summary>Background work: fetches the next block of leases that run low, tends leases twice a second, and returns them at shutdown.</summary>
internal sealed class QuotaUpkeep(QuotaService quotas) : OutlastingService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StoppedAsync(cancellationToken);
        try
        {
            await quotas.CloseAsync().WaitAsync(Drain, quotas.Context.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            QuotaLog.ReturnIncomplete(quotas.Context.Log);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(quotas, stoppingToken);

    /// <summary>All loops, until the token is cancelled.</summary>
    internal static Task RunAsync(QuotaService quotas, CancellationToken ct) =>
        Task.WhenAll(RenewAsync(quotas, ct), TendAsync(quotas, ct), ClockTuner.RunAsync(quotas.Context, ct));

    private static async Task RenewAsync(QuotaService quotas, CancellationToken ct)
    {
        try
        {
            // Only starts flights, which end by themselves: a slow counter holds nobody else up.
            var reader = quotas.Context.Renewals.Reader;
            while (await reader.WaitToReadAsync(ct))
            {
                while (reader.TryRead(out var lease))
                {
                    lease.Renew();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }

    private static async Task TendAsync(QuotaService quotas, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Period, quotas.Context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                try
                {
                    quotas.Tend();
                }
                catch (Exception error)
                {
                    QuotaLog.UpkeepFailed(quotas.Context.Log, error);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }
}
