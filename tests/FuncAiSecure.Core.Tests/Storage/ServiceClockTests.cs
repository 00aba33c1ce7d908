using FuncAiSecure.Core.Storage;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Storage;

/// <summary>What is certain of the service's clock while it does not answer, if the counter here runs wrong by up to 200 parts in a million.</summary>
public sealed class ServiceClockTests
{
    private static readonly DateTimeOffset Date = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new();
    private readonly ServiceClock _clock;

    public ServiceClockTests()
    {
        _clock = new ServiceClock(_time);
        _clock.Observe(Date, _time.GetTimestamp(), _time.GetTimestamp());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_600)]
    [InlineData(86_400)]
    public void Bounds_hold_the_truth_of_a_counter_that_drifts(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));

        var (earliest, latest) = _clock.At(_time.GetTimestamp());

        earliest.ShouldBeLessThanOrEqualTo((Date + TimeSpan.FromSeconds(seconds * (1 - 190e-6))).UtcTicks);
        latest.ShouldBeGreaterThanOrEqualTo((Date + TimeSpan.FromSeconds(1 + (seconds * (1 + 190e-6)))).UtcTicks);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(3_600)]
    [InlineData(31 * 86_400)]
    public void A_moment_is_certainly_to_come_until_just_before_it_and_certainly_past_just_after(int seconds)
    {
        var (now, moment) = (_time.GetTimestamp(), (Date + TimeSpan.FromSeconds(seconds)).UtcTicks);
        var near = TimeSpan.FromSeconds(seconds * 450e-6).Ticks + TimeSpan.TicksPerMillisecond;

        var before = _clock.CertainlyBefore(moment, now);
        var after = now + _clock.UntilCertainlyAt(moment, now).Ticks;

        _clock.At(before).Latest.ShouldBeInRange(moment - near, moment - 1);
        _clock.At(after).Earliest.ShouldBeInRange(moment, moment + near);
    }

    [Fact]
    public void A_moment_that_may_have_come_is_certainly_to_come_no_longer()
    {
        var now = _time.GetTimestamp();

        _clock.CertainlyBefore((Date + TimeSpan.FromSeconds(1)).UtcTicks, now).ShouldBe(now);
        _clock.UntilCertainlyAt(Date.UtcTicks, now).ShouldBe(TimeSpan.Zero);
    }
}
