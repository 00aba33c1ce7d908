using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Monitoring.Behaviour.Acting;

/// <summary>Background work: takes saved profiles over, acts on signals, saves profiles and gives plans back.</summary>
internal sealed class BehaviourUpkeep(
    BehaviourMonitor monitor,
    IBehaviourStore store,
    SignalResponder responder,
    PlanLowering lowering,
    BehaviourOptions options,
    TimeProvider time,
    ILogger log) : OutlastingService
{
    private const int SaveAtOnce = 1_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    // A profile is worth more than an anomaly: without it, its principal is only learned of for some days.
    private static readonly TimeSpan LeastProfileLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan ProfileSweepInterval = TimeSpan.FromDays(1);

    private DateTimeOffset _savedAt;
    private DateTimeOffset _profilesSweptAt;
    private bool _isRestored;

    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StoppedAsync(cancellationToken).ConfigureAwait(false);
        _ = await LastSave.TryAsync(EndAsync, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One round of what is done each minute.</summary>
    internal async ValueTask RunOnceAsync(CancellationToken ct)
    {
        await RestoreAsync(ct).ConfigureAwait(false);
        await lowering.RetryAsync(ct).ConfigureAwait(false);
        await lowering.RestoreAsync(ct).ConfigureAwait(false);
        if (time.GetUtcNow() - _savedAt >= options.SaveInterval)
        {
            await SaveAsync(ct).ConfigureAwait(false);
            await SweepAsync(time.GetUtcNow(), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Saves every profile that has changed.</summary>
    internal async ValueTask SaveAsync(CancellationToken ct)
    {
        _savedAt = time.GetUtcNow();
        foreach (var part in monitor.TakeChanged().Chunk(SaveAtOnce))
        {
            if (!await store.SaveAsync(part, ct).ConfigureAwait(false))
            {
                Array.ForEach(part, state => monitor.MarkUnsaved(in state));
                return;
            }
        }
    }

    // What is not saved is learned again. What was saved before and never taken over here must not be replaced by what a few minutes taught.
    private async ValueTask EndAsync(CancellationToken ct)
    {
        while (monitor.Pending.TryRead(out var raised))
        {
            await RespondAsync(raised, ct).ConfigureAwait(false);
        }

        if (_isRestored)
        {
            await SaveAsync(ct).ConfigureAwait(false);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RespondAsync(stoppingToken), TendAsync(stoppingToken));

    // Until the table has answered, every round asks again: a profile that was saved is worth more than a new one.
    private async ValueTask RestoreAsync(CancellationToken ct)
    {
        if (_isRestored)
        {
            return;
        }

        _savedAt = time.GetUtcNow();
        var count = 0;
        _isRestored = await store.LoadAsync(state => count += monitor.Restore(in state) ? 1 : 0, ct).ConfigureAwait(false);
        BehaviourLog.Restored(log, count);
    }

    private async ValueTask SweepAsync(DateTimeOffset now, CancellationToken ct)
    {
        var life = TimeSpan.FromDays(options.KeepDays);
        await store.SweepAsync(now - life, ct).ConfigureAwait(false);

        // The service looks at every profile for it, and a day more or less does not matter.
        if (now - _profilesSweptAt >= ProfileSweepInterval
            && await store.SweepProfilesAsync(now - (life > LeastProfileLife ? life : LeastProfileLife), ct).ConfigureAwait(false))
        {
            _profilesSweptAt = now;
        }
    }

    private async Task RespondAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var raised in monitor.Pending.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await RespondAsync(raised, ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }

    private Task RespondAsync(Raised raised, CancellationToken ct) => GuardedAsync(() => responder.RespondAsync(raised, ct));

    private async Task TendAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            do
            {
                await GuardedAsync(() => RunOnceAsync(ct)).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task GuardedAsync(Func<ValueTask> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            BehaviourLog.UpkeepFailed(log, error);
        }
    }
}
