namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>How a spend ended.</summary>
internal enum SpendResult
{
    /// <summary>The units are the caller's.</summary>
    Spent,

    /// <summary>Only the counter in the store can tell: ask again asynchronously.</summary>
    Wait,

    /// <summary>The window cannot give so many units any more.</summary>
    Exhausted,

    /// <summary>The store is away, and no allowance is left.</summary>
    Unavailable,
}

/// <summary>A request that waits for a lease's flight.</summary>
internal sealed class Waiter(long units) : TaskCompletionSource<SpendResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public long Units => units;
}
