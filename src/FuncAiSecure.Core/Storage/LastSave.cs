namespace FuncAiSecure.Core.Storage;

/// <summary>What a background service saves when it ends: once, and for a few seconds only, so that the host's end does not wait.</summary>
internal static class LastSave
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Saves; false where time was up before the end.</summary>
    /// <param name="save">What to do.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends it earlier.</param>
    public static async Task<bool> TryAsync(Func<CancellationToken, ValueTask> save, TimeProvider time, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await save(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
