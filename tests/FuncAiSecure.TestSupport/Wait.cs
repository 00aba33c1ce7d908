namespace FuncAiSecure.TestSupport;

/// <summary>Waits for what other threads bring about. A wait that is in vain fails its test and says what for, instead of hanging the run.</summary>
public static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="holds">Asked again and again.</param>
    /// <param name="limit">How long; a minute where absent.</param>
    public static async Task UntilAsync(string what, Func<bool> holds, TimeSpan? limit = null)
    {
        using var end = new CancellationTokenSource(limit ?? Limit);
        while (!holds())
        {
            if (end.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain until {what}.");
            }

            await Task.Yield();
        }
    }
}
