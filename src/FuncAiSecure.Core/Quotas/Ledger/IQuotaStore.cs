using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>Where a row is: both keys are encoded by <see cref="QuotaKeys"/>.</summary>
internal readonly record struct RowAddress(string PartitionKey, string RowKey);

/// <summary>How a call of the store ended.</summary>
internal enum StoreOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>A read found no row.</summary>
    Missing,

    /// <summary>A write did not meet the row it was made for. After a retry inside the client it may still have been done.</summary>
    Conflict,

    /// <summary>It was not done, and the service could not be asked.</summary>
    Unavailable,

    /// <summary>A write may have been done, or may be done later.</summary>
    Unknown,
}

/// <summary>A read's answer; row and ETag only with <see cref="StoreOutcome.Done"/>.</summary>
internal readonly record struct StoreRead(StoreOutcome Outcome, WindowRow? Row = null, string? ETag = null);

/// <summary>A write's answer; the new ETag only with <see cref="StoreOutcome.Done"/>.</summary>
internal readonly record struct StoreWrite(StoreOutcome Outcome, string? ETag = null);

/// <summary>The answer to "was this caller's plan changed?"; the name is null if not.</summary>
internal readonly record struct StorePlan(StoreOutcome Outcome, string? Plan = null);

/// <summary>
/// The table of counters. Implementations never throw for trouble with the service, bound each call in time, and tell
/// <see cref="ServiceClock"/> the date of every answer.
/// </summary>
internal interface IQuotaStore
{
    ValueTask<StoreRead> ReadAsync(RowAddress address, CancellationToken ct);

    /// <summary>Writes a row that must not exist yet.</summary>
    ValueTask<StoreWrite> InsertAsync(RowAddress address, WindowRow row, CancellationToken ct);

    /// <summary>Writes a row that must still have the ETag.</summary>
    ValueTask<StoreWrite> ReplaceAsync(RowAddress address, WindowRow row, string etag, CancellationToken ct);

    ValueTask<StorePlan> ReadPlanAsync(RowAddress address, CancellationToken ct);

    /// <summary>Sets a caller's plan, or with null removes the change.</summary>
    ValueTask<StoreOutcome> WritePlanAsync(RowAddress address, string? plan, CancellationToken ct);

    /// <summary>Deletes counters whose window ended before a moment; returns how many, or null if the service is away.</summary>
    ValueTask<int?> SweepAsync(DateTime endedBefore, CancellationToken ct);
}
