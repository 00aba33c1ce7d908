using System.Runtime.CompilerServices;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Guards.Extraction.Keeping;

/// <summary>
/// Background work: takes saved budgets over, and with each round adds what was spent here to what all instances have spent. A part
/// that could not be added is added by a later round.
/// </summary>
internal sealed partial class BudgetUpkeep(ExtractionGuard guard, IBudgetStore store, ExtractionOptions options, TimeProvider time, ILogger log)
    : OutlastingService
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(6);

    private DateTimeOffset _loadedAt;
    private bool _isKnown;

    /// <inheritdoc />
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StoppedAsync(cancellationToken).ConfigureAwait(false);
        if (!await LastSave.TryAsync(SaveAsync, time, cancellationToken).ConfigureAwait(false))
        {
            Log.NotSaved(log);
        }
    }

    /// <summary>One round.</summary>
    internal async ValueTask RunOnceAsync(CancellationToken ct)
    {
        // Read anew now and then: what other instances saved of principals that have not called here yet.
        if (!_isKnown || time.GetUtcNow() - _loadedAt >= SweepInterval)
        {
            var isRead = await store.LoadAsync(Restore, ct).ConfigureAwait(false);
            if (isRead)
            {
                _loadedAt = time.GetUtcNow();
                _isKnown = true;
                guard.MarkKnown();
            }
        }

        await SaveAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Adds everything that was spent here since it was last added.</summary>
    internal async ValueTask SaveAsync(CancellationToken ct)
    {
        await Parallel.ForEachAsync(
            Unsaved(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
            async (added, token) => Take(added, await store.AddAsync(added, token).ConfigureAwait(false))).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await RunOnceAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    Log.UpkeepFailed(log, error);
                }

                await Task.Delay(_isKnown ? options.SaveInterval : Retry, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    // What was spent, and what is reduced: its budget may have begun anew.
    private IEnumerable<SavedBudget> Unsaved()
    {
        var now = (uint)time.GetUtcNow().ToUnixTimeSeconds();
        for (var i = 0; i < guard.Table.Capacity; i++)
        {
            SavedBudget added;
            bool wasReduced;
            lock (guard.Table.LockOfSlot(i))
            {
                ref var entry = ref guard.Table[i];
                (added, wasReduced) = (new SavedBudget(entry.Key, entry.Unsaved, entry.At, entry.Refill), entry.WasReduced(now));
            }

            if (added.Key != 0 && (added.Spent > 0 || wasReduced))
            {
                yield return added;
            }
        }
    }

    private void Take(SavedBudget added, SavedBudget? all)
    {
        if (all is not { } saved)
        {
            return;
        }

        lock (guard.Table.LockOf(added.Key))
        {
            ref var entry = ref guard.Table.Find(added.Key);
            if (!Unsafe.IsNullRef(ref entry))
            {
                // What was spent while the call was under way comes on top.
                entry.Unsaved = Math.Max(0, entry.Unsaved - added.Spent);
                entry.Join(in saved);
            }
        }
    }

    private void Restore(SavedBudget saved)
    {
        lock (guard.Table.LockOf(saved.Key))
        {
            guard.Table.Of(saved.Key, saved.At).Join(in saved);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5031, LogLevel.Warning, "Not everything that was spent of information budgets could be saved before the end.")]
        public static partial void NotSaved(ILogger log);

        [LoggerMessage(5032, LogLevel.Error, "A round of the upkeep of information budgets failed by a defect.")]
        public static partial void UpkeepFailed(ILogger log, Exception error);
    }
}
