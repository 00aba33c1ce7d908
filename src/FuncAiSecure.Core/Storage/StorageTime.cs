using Azure;

namespace FuncAiSecure.Core.Storage;

/// <summary>
/// The storage service's clock as soon as one of its answers has told it, and until then another one: what instances date in a table they
/// date alike, whatever their own clocks say.
/// </summary>
/// <param name="before">The clock before any answer, and the counter that moves the service's on.</param>
/// <param name="clock">What is known of the service's.</param>
internal sealed class StorageTime(TimeProvider before, ServiceClock clock) : TimeProvider
{
    /// <inheritdoc />
    public override long TimestampFrequency => before.TimestampFrequency;

    /// <summary>Seconds since 1970.</summary>
    public uint Seconds => (uint)GetUtcNow().ToUnixTimeSeconds();

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() =>
        clock.IsSet ? new DateTimeOffset(clock.At(GetTimestamp()).Earliest, TimeSpan.Zero) : before.GetUtcNow();

    /// <inheritdoc />
    public override long GetTimestamp() => before.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        before.CreateTimer(callback, state, dueTime, period);

    /// <summary>Takes an answer's date.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="sent">The timestamp before its request was sent.</param>
    public void Observe(Response answer, long sent) => clock.Observe(answer, sent);
}
