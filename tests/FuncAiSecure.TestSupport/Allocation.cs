namespace FuncAiSecure.TestSupport;

/// <summary>What a path allocates once it is warm.</summary>
public static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that an action allocates on this thread, in the best of a few rounds: what the runtime allocates now and then, such as for a
    /// lock that another thread holds, is not the action's own, and what is its own comes in every round.
    /// </summary>
    public static long Of(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
