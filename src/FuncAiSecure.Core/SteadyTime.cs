namespace FuncAiSecure.Core;

/// <summary>
/// The clock as it stood when the process began, moved on by the machine's counter: one that somebody sets meanwhile neither gives back
/// what comes back with time, nor keeps it. Near enough to UTC that instances can share what they date by it.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _startedAt = time.GetTimestamp();

    /// <inheritdoc />
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => _start + time.GetElapsedTime(_startedAt);

    /// <inheritdoc />
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
