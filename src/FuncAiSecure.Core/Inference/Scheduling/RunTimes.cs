namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>How long a model's runs take, and so how long a request that comes now would wait. Learnt from what ran; safe for several threads.</summary>
/// <param name="slots">Runs at once.</param>
/// <param name="maxWait">The longest expected wait for which a request is still taken; null for no such bound.</param>
internal sealed class RunTimes(int slots, TimeSpan? maxWait)
{
    // Slow models: some runs' length is a wait that a caller of such a model expects.
    private const int RunsWorthWaiting = 4;

    // A wait that is yet longer than its runs says that others went before, or that the machine stood still.
    private const double MaxPace = 4;

    // The means go over some sixteen runs.
    private const int Memory = 16;

    private long _typicalTicks = InferenceScheduler.Short.Ticks + 1;
    private double _pace = 1;

    /// <summary>One request's share of the machine.</summary>
    public TimeSpan Typical => TimeSpan.FromTicks(Volatile.Read(ref _typicalTicks));

    /// <summary>
    /// Takes note of a run. It counts four times the mean at most: a thread that lost its core for a while says nothing about the model, and
    /// must not send short runs through the queue.
    /// </summary>
    /// <param name="computed">How long it took.</param>
    /// <param name="requests">How many shared it.</param>
    public void Ran(TimeSpan computed, int requests)
    {
        var old = Volatile.Read(ref _typicalTicks);
        var share = Math.Min(computed.Ticks / requests, 4 * Math.Max(old, InferenceScheduler.Short.Ticks / 10));
        Volatile.Write(ref _typicalTicks, old + ((share - old) / Memory));
    }

    /// <summary>The time of as many requests as run before a new one.</summary>
    public TimeSpan Ahead(int before) => Typical * before / slots;

    /// <summary>Whether a request with so much ahead is refused rather than made to wait.</summary>
    public bool IsTooLong(TimeSpan ahead) => ahead * Volatile.Read(ref _pace) > maxWait && ahead > Typical * RunsWorthWaiting;

    /// <summary>
    /// Takes note of a wait. Runs are not all that the cores do: requests are read, answered and recorded beside them, and others use the
    /// machine. Only waits of some length tell how much longer than the runs before it a request waits.
    /// </summary>
    /// <param name="ahead">What <see cref="Ahead"/> said.</param>
    /// <param name="waited">How long it was.</param>
    public void Waited(TimeSpan ahead, TimeSpan waited)
    {
        if (ahead * 4 > maxWait)
        {
            var pace = Volatile.Read(ref _pace);
            Volatile.Write(ref _pace, pace + ((Math.Clamp(waited / ahead, 1, MaxPace) - pace) / Memory));
        }
    }
}
