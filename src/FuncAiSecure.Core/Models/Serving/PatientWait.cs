namespace FuncAiSecure.Core.Models.Serving;

/// <summary>
/// Work on a file share, one at a time, that is waited for no longer than <see cref="ModelSlot.Patience"/>. What hangs is left behind alone: no
/// other joins it, and a later wait takes what it brings. For one caller at a time.
/// </summary>
/// <param name="begin">Begins the work, on another thread.</param>
/// <param name="time">The clock of the wait.</param>
internal sealed class PatientWait<TTask>(Func<TTask> begin, TimeProvider time) where TTask : Task
{
    private TTask? _begun;

    /// <summary>The work, done; null where it goes on beside. Throws what the work has thrown.</summary>
    public async Task<TTask?> WaitAsync(CancellationToken cancellation)
    {
        var begun = _begun ??= begin();
        try
        {
            await begun.WaitAsync(ModelSlot.Patience, time, cancellation).ConfigureAwait(false);
            return begun;
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _begun = begun.IsCompleted ? null : begun;
        }
    }
}
