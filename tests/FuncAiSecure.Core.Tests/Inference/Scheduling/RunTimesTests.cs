using FuncAiSecure.Core.Inference.Scheduling;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

public sealed class RunTimesTests
{
    private static readonly TimeSpan Run = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void The_typical_time_follows_the_runs_and_is_a_requests_share()
    {
        var times = Learnt(TimeSpan.FromMilliseconds(16), requests: 8);

        times.Typical.TotalMilliseconds.ShouldBe(2, 0.1);
        times.Ahead(10).TotalMilliseconds.ShouldBe(10, 0.5);
    }

    [Fact]
    public void One_run_that_lost_its_core_does_not_make_a_short_model_a_long_one()
    {
        var times = Learnt(TimeSpan.FromMicroseconds(10), requests: 1);

        times.Ran(TimeSpan.FromSeconds(1), 1);

        times.Typical.ShouldBeLessThan(InferenceScheduler.Short);
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(60, true)]
    public void Who_has_more_ahead_than_the_longest_wait_is_refused(int before, bool refused)
    {
        var times = Learnt(Run, requests: 1);

        times.IsTooLong(times.Ahead(before)).ShouldBe(refused);
    }

    [Fact]
    public void Four_runs_of_a_slow_model_are_waited_for()
    {
        var times = Learnt(TimeSpan.FromSeconds(1), requests: 1);

        times.IsTooLong(times.Ahead(8)).ShouldBeFalse();
        times.IsTooLong(times.Ahead(9)).ShouldBeTrue();
    }

    [Fact]
    public void Waits_that_are_longer_than_their_runs_have_callers_refused_earlier()
    {
        var times = Learnt(Run, requests: 1);
        for (var wait = 0; wait < 100; wait++)
        {
            times.Waited(times.Ahead(40), 2 * times.Ahead(40));
        }

        times.IsTooLong(times.Ahead(30)).ShouldBeTrue();
        times.IsTooLong(times.Ahead(20)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(8, 1000)]
    [InlineData(40, 1)]
    public void Neither_short_waits_nor_lucky_ones_change_the_bound(int before, int waitedMilliseconds)
    {
        var times = Learnt(Run, requests: 1);
        for (var wait = 0; wait < 100; wait++)
        {
            times.Waited(times.Ahead(before), TimeSpan.FromMilliseconds(waitedMilliseconds));
        }

        times.IsTooLong(times.Ahead(45)).ShouldBeFalse();
        times.IsTooLong(times.Ahead(60)).ShouldBeTrue();
    }

    [Fact]
    public void A_standstill_of_the_machine_counts_four_times_at_most()
    {
        var times = Learnt(Run, requests: 1);
        for (var wait = 0; wait < 100; wait++)
        {
            times.Waited(times.Ahead(40), TimeSpan.FromMinutes(1));
        }

        times.IsTooLong(times.Ahead(10)).ShouldBeFalse();
        times.IsTooLong(times.Ahead(14)).ShouldBeTrue();
    }

    [Fact]
    public void Without_a_bound_nobody_is_refused()
    {
        var times = new RunTimes(slots: 2, maxWait: null);
        times.Ran(TimeSpan.FromSeconds(1), 1);
        times.Waited(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

        times.IsTooLong(TimeSpan.FromHours(1)).ShouldBeFalse();
    }

    private static RunTimes Learnt(TimeSpan computed, int requests)
    {
        var times = new RunTimes(slots: 2, MaxWait);
        for (var run = 0; run < 200; run++)
        {
            times.Ran(computed, requests);
        }

        return times;
    }
}
