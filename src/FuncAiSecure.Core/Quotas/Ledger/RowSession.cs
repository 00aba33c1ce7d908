namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>One update of a counter, as it was decided against one version of the row.</summary>
/// <param name="Op">The lease's number for it; the written row carries it.</param>
/// <param name="Row">The row to write.</param>
/// <param name="Granted">Units that the lease may spend if the update stands.</param>
/// <param name="Counted">Units spent without a grant that the update counts.</param>
/// <param name="TakenBack">Units that the lease gave up for it.</param>
internal sealed record RowChange(long Op, WindowRow Row, long Granted = 0, long Counted = 0, long TakenBack = 0);

/// <summary>Decides updates and learns what became of them. Called from one flight at a time.</summary>
internal interface IRowOwner
{
    /// <summary>The update that is wanted of this row now, or null.</summary>
    RowChange? Decide(WindowRow row, long op);

    /// <summary>The update stands.</summary>
    void Stands(RowChange change);

    /// <summary>The update never was and never will be.</summary>
    void Fell(RowChange change);

    /// <summary>Nobody can tell any more (the lease's entry gave way): whatever it was about must not be spent.</summary>
    void Lost(RowChange change);
}

/// <summary>How a step ended.</summary>
internal enum StepOutcome
{
    /// <summary>An update stands.</summary>
    Changed,

    /// <summary>The row is known and nothing was wanted of it.</summary>
    Nothing,

    /// <summary>The store could not be asked, or others were faster at every try.</summary>
    Unavailable,
}

/// <summary>
/// Compare-and-swap on one row, exact under lost answers. An update stays pending until a read proves that it stands (the
/// lease's entry has reached its number) or that it cannot (the ETag it was made for is gone). While neither is proven,
/// the very same update is sent again: at most one of the copies can meet its ETag.
/// </summary>
internal sealed class RowSession(LedgerContext context, RowAddress address, DateTime endsAt, string leaseId)
{
    /// <summary>Tries against faster writers; the flight's own time limit usually ends them earlier.</summary>
    private const int MaxConflicts = 40;

    /// <summary>Tries in a row against a store that does not answer.</summary>
    private const int MaxFailures = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    private WindowRow? _row;
    private string? _etag;
    private RowChange? _pending;
    private string? _pendingBase;
    private long _op;
    private bool _stood;

    /// <summary>The row as it was seen last.</summary>
    public WindowRow? Seen => _row;

    public async ValueTask<StepOutcome> StepAsync(IRowOwner owner, CancellationToken ct)
    {
        var failures = 0;
        var isFresh = false;
        for (var attempt = 0; attempt < MaxConflicts && failures < MaxFailures; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(Delay(failures > 0 ? failures + 2 : attempt), context.Time, ct);
            }

            if (_pending is not null || !IsTrusted())
            {
                isFresh = true;
                var read = await context.Store.ReadAsync(address, ct);
                context.Metrics.Read(read.Outcome);
                if (read.Outcome is not (StoreOutcome.Done or StoreOutcome.Missing))
                {
                    failures++;
                    continue;
                }

                if (See(read, owner))
                {
                    return StepOutcome.Changed;
                }
            }

            var change = _pending ?? Decide(owner);
            if (change is null && isFresh)
            {
                return StepOutcome.Nothing;
            }

            if (change is null)
            {
                // The row from memory has nothing to give; an operator may have started its window anew.
                (_row, _etag) = (null, null);
                continue;
            }

            var write = _etag is null
                ? await context.Store.InsertAsync(address, change.Row, ct)
                : await context.Store.ReplaceAsync(address, change.Row, _etag, ct);
            context.Metrics.Written(write.Outcome);
            if (write.Outcome == StoreOutcome.Done)
            {
                (_row, _etag) = (change.Row, write.ETag);
                Settle();
                owner.Stands(change);
                return StepOutcome.Changed;
            }

            failures = write.Outcome == StoreOutcome.Conflict ? 0 : failures + 1;
        }

        return StepOutcome.Unavailable;
    }

    private RowChange? Decide(IRowOwner owner)
    {
        var change = owner.Decide(_row ?? new WindowRow { EndsAt = endsAt }, _op + 1);
        if (change is not null)
        {
            (_pending, _pendingBase, _op) = (change, _etag, change.Op);
        }

        return change;
    }

    /// <summary>Takes what a read found; true if it shows that the pending update stands.</summary>
    private bool See(StoreRead read, IRowOwner owner)
    {
        (_row, _etag) = (read.Row, read.ETag);
        if (_pending is not { } change)
        {
            return false;
        }

        var entry = _row?.Find(leaseId);
        if (entry is { } mine && mine.Op >= change.Op)
        {
            Settle();
            owner.Stands(change);
            return true;
        }

        if (_etag == _pendingBase)
        {
            return false;
        }

        _pending = null;
        if (entry is null && (_stood || _row is null || _row.Entries.Length >= WindowRow.MaxEntries))
        {
            owner.Lost(change);
        }
        else
        {
            owner.Fell(change);
        }

        return false;
    }

    private void Settle()
    {
        _pending = null;
        _stood = true;
    }

    /// <summary>Alone on the row, the ETag of the last write is still good, and a read before each write would be waste.</summary>
    private bool IsTrusted() => _row is not null && BlockSize.Others(_row, leaseId, context.NowSeconds()).Count == 0;

    private TimeSpan Delay(int attempt)
    {
        var most = Math.Min(LongestDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * (1 << Math.Min(attempt, 10)));
        return TimeSpan.FromMilliseconds(1 + (most * context.Jitter()));
    }
}
