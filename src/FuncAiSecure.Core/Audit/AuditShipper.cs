using Azure;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Journal;
using FuncAiSecure.Core.Audit.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>
/// Sends accepted records to the table, in order, chain by chain; registers each chain in the ledger before its first record and
/// closes it there after its last. Takes over what ended processes left on this machine.
/// </summary>
internal sealed class AuditShipper(
    AuditTrail trail, AuditStore store, AuditLedger ledger, IAuditSecrets secrets, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditShipper> logger)
    : OutlastingService
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TendAgainAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly List<(JournalFolder Folder, List<string> Chains)> _taken = [];
    private bool _hasTable;
    private long _takenOverAt;

    /// <inheritdoc />
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (trail.Folder is null)
        {
            AuditLog.NoJournal(logger);
        }

        // One try before requests come; a vault that is slow or away is asked again later, and requests are refused until then.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        await TryOpenAsync(patience.Token).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the rest and closes the trail.</summary>
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StoppedAsync(cancellationToken).ConfigureAwait(false);
        trail.Close();

        // The shutdown token bounds this last try; what it does not bring out stays in the journal for the next process.
        if (await TryShipAsync(cancellationToken).ConfigureAwait(false) && trail.Chains.Count == 0)
        {
            trail.Folder?.Delete();
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            AuditLog.StorageFailed(logger, "the host's time to stop is over", trail.Backlog);
        }
    }

    /// <summary>Sends everything that waits; false when storage refused.</summary>
    internal async Task<bool> TryShipAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_hasTable)
            {
                await store.EnsureTableAsync(cancellationToken).ConfigureAwait(false);
                _hasTable = true;
            }

            foreach (var chain in trail.Chains)
            {
                await ShipAsync(chain, cancellationToken).ConfigureAwait(false);
            }

            Note(healthy: true, null);
            DropEmptyFolders();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped in the middle. What storage is like, the last try tells.
            return false;
        }
        catch (Exception e)
        {
            // This loop must live: whatever went wrong, the records are still in queue and journal.
            Note(healthy: false, e is RequestFailedException { ErrorCode: { } code } ? code : e.GetType().Name);
            return false;
        }
    }

    /// <summary>Reads the secret, and then what ended processes left; false when the secret cannot be had.</summary>
    internal async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        if (trail.IsReady)
        {
            return true;
        }

        try
        {
            var secret = await secrets.GetAsync(null, cancellationToken).ConfigureAwait(false);
            trail.StorageIsHealthy = true;
            trail.Open(secret);
        }
        catch (Exception e)
        {
            AuditLog.SecretUnavailable(logger, e.GetType().Name);
            return false;
        }

        await TakeOverAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What is done now and then: takes over what processes have left that ended meanwhile, and a new version of the secret.</summary>
    internal async Task TendAsync(CancellationToken cancellationToken)
    {
        await TakeOverAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            trail.Open(await secrets.GetAsync(null, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            AuditLog.SecretNotRenewed(logger, e.GetType().Name);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = options.Value.BatchDelay;

        // At once: a new deployment's trail can be read as soon as its table is made.
        while (!stoppingToken.IsCancellationRequested)
        {
            trail.RollOver();
            if (trail.IsReady && time.GetElapsedTime(_takenOverAt) > TendAgainAfter)
            {
                await TendAsync(stoppingToken).ConfigureAwait(false);
            }

            var isWell = await TryOpenAsync(stoppingToken).ConfigureAwait(false) && await TryShipAsync(stoppingToken).ConfigureAwait(false);
            pause = isWell ? options.Value.BatchDelay : TimeSpan.FromTicks(Math.Min(MaxPause.Ticks, pause.Ticks * 2));
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShipAsync(AuditChain chain, CancellationToken cancellationToken)
    {
        chain.Flush();
        if (chain.Count == 0)
        {
            if (chain.IsClosed)
            {
                trail.Remove(chain);
                chain.Dispose();
            }

            return;
        }

        if (!chain.IsRegistered)
        {
            await RegisterAsync(chain, cancellationToken).ConfigureAwait(false);
        }

        // What comes meanwhile waits for the next pass: under load there is always something, and a row for every few records would
        // keep storage busier than the requests keep this process.
        var due = chain.Count;
        while (chain.Stored < due)
        {
            var batch = chain.NextBatch(AuditStore.MaxBatch);
            if (batch.Count == 0)
            {
                AuditLog.RecordsMissing(logger, chain.Id, chain.Stored);
                chain.MarkStored(due);
                break;
            }

            chain.MarkStored(await store.AppendAsync(chain, batch, cancellationToken).ConfigureAwait(false));
        }

        if (chain.IsClosed && chain.Stored == chain.Count)
        {
            await CloseAsync(chain, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RegisterAsync(AuditChain chain, CancellationToken cancellationToken)
    {
        // A head in the table means that an ended process registered the chain, and how far it came.
        if (await store.StoredHeadAsync(chain, cancellationToken).ConfigureAwait(false) is { Count: > 0 } stored)
        {
            chain.TakeStored(stored.Count, stored.Mac);
        }
        else
        {
            await ledger.AppendAsync(chain.Keys, LedgerEvent.Opened, chain.Id, 0, [], cancellationToken).ConfigureAwait(false);
        }

        chain.IsRegistered = true;
    }

    private async Task CloseAsync(AuditChain chain, CancellationToken cancellationToken)
    {
        var (count, head) = (chain.Count, chain.Head);
        await ledger.AppendAsync(chain.Keys, LedgerEvent.Closed, chain.Id, count, head, cancellationToken).ConfigureAwait(false);
        AuditLog.ChainClosed(logger, chain.Id, count, Convert.ToHexStringLower(head));
        trail.Remove(chain);
        chain.DeleteJournal();
        chain.Dispose();
    }

    // What cannot be read (a secret's version is gone, the vault away, the directory closed to us) is left as it is for another time: it
    // must not keep this process from serving.
    private async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        _takenOverAt = time.GetTimestamp();
        foreach (var folder in FoldersLeft())
        {
            try
            {
                await TakeOverAsync(folder, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                folder.Dispose();
                AuditLog.TakeOverFailed(logger, Path.GetFileName(folder.Path), e.GetType().Name);
            }
        }
    }

    private IEnumerable<JournalFolder> FoldersLeft()
    {
        try
        {
            return [.. JournalFolder.TakeOver(options.Value.JournalDirectory, trail.Instance)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AuditLog.TakeOverFailed(logger, Path.GetFileName(options.Value.JournalDirectory), e.GetType().Name);
            return [];
        }
    }

    private async Task TakeOverAsync(JournalFolder folder, CancellationToken cancellationToken)
    {
        var rejected = new List<string>();
        var chains = await JournalRecovery.ReadAsync(folder, secrets, rejected, cancellationToken).ConfigureAwait(false);
        foreach (var segment in rejected)
        {
            AuditLog.SegmentRejected(logger, Path.GetFileName(segment));
            File.Copy(segment, Path.Combine(options.Value.JournalDirectory, Path.GetFileName(segment) + ".rejected"), overwrite: true);
        }

        AuditLog.TakingOver(logger, chains.Sum(chain => chain.Count - chain.Stored), chains.Count);
        trail.Adopt(chains);
        _taken.Add((folder, [.. chains.Select(chain => chain.Id)]));
    }

    private void DropEmptyFolders()
    {
        foreach (var taken in _taken.Where(taken => !trail.Chains.Any(chain => taken.Chains.Contains(chain.Id))).ToList())
        {
            taken.Folder.Delete();
            _taken.Remove(taken);
        }
    }

    private void Note(bool healthy, string? cause)
    {
        if (healthy && !trail.StorageIsHealthy)
        {
            AuditLog.StorageRecovered(logger);
        }
        else if (!healthy)
        {
            AuditLog.StorageFailed(logger, cause ?? "", trail.Backlog);
        }

        trail.StorageIsHealthy = healthy;
    }
}
