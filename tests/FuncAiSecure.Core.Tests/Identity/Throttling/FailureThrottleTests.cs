using System.Net;
using FuncAiSecure.Core.Identity.Throttling;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Identity.Throttling;

public sealed class FailureThrottleTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Key_is_blocked_after_its_burst_and_freed_at_its_rate()
    {
        var throttle = new FailureThrottle(burst: 3, perMinute: 6, sets: 16, _clock);

        for (var i = 0; i < 3; i++)
        {
            throttle.IsBlocked(1).ShouldBeFalse();
            throttle.TrySpend(1).ShouldBeTrue();
        }

        throttle.TrySpend(1).ShouldBeFalse();
        throttle.IsBlocked(1).ShouldBeTrue();
        throttle.IsBlocked(2).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(10));
        throttle.IsBlocked(1).ShouldBeFalse();
        throttle.TrySpend(1).ShouldBeTrue();
        throttle.TrySpend(1).ShouldBeFalse();
    }

    [Fact]
    public void Sources_that_share_a_set_are_not_blocked_for_each_other()
    {
        var throttle = new FailureThrottle(burst: 1, perMinute: 1, sets: 1, _clock);
        throttle.TrySpend(1).ShouldBeTrue();

        throttle.IsBlocked(1).ShouldBeTrue();
        throttle.IsBlocked(2).ShouldBeFalse();
        throttle.IsBlocked(0).ShouldBeFalse();
        throttle.TrySpend(2).ShouldBeTrue();
        throttle.TrySpend(0).ShouldBeTrue();
        throttle.IsBlocked(1).ShouldBeTrue();
        throttle.TrySpend(2).ShouldBeFalse();
    }

    [Fact]
    public void Million_distinct_sources_allocate_nothing()
    {
        var throttle = new FailureThrottle(burst: 3, perMinute: 6, sets: 1024, _clock);
        throttle.TrySpend(0);

        Allocation.Of(() =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                throttle.TrySpend((UInt128)i << 40);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void Busy_key_outlives_a_flood_smaller_than_the_table()
    {
        var throttle = new FailureThrottle(burst: 1, perMinute: 1, sets: 4096, _clock);
        throttle.TrySpend(7);
        for (var i = 1_000u; i < 2_000; i++)
        {
            _clock.Advance(TimeSpan.FromTicks(1));
            throttle.TrySpend(i);
        }

        throttle.IsBlocked(7).ShouldBeTrue();
    }

    [Theory]
    [InlineData("203.0.113.1", "203.0.113.254", true)]
    [InlineData("203.0.113.1", "203.0.114.1", false)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.9", true)]
    [InlineData("2001:db8:1:200::1", "2001:db8:1:2ff::9", true)]
    [InlineData("2001:db8:1:200::1", "2001:db8:1:300::1", false)]
    [InlineData("::1", "127.0.0.1", false)]
    public void Addresses_of_one_network_share_a_counter(string one, string other, bool same) =>
        (SourceNetwork.Of(IPAddress.Parse(one)) == SourceNetwork.Of(IPAddress.Parse(other))).ShouldBe(same);
}
