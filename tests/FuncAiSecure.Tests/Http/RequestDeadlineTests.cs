using FuncAiSecure.Http;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests.Http;

public sealed class RequestDeadlineTests
{
    [Fact]
    public void A_caller_that_goes_away_cancels()
    {
        using var aborted = new CancellationTokenSource();
        using var deadline = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), aborted.Token, default);
        var token = deadline.Token;

        aborted.Cancel();

        token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_host_that_stops_the_invocation_cancels()
    {
        using var stopped = new CancellationTokenSource();
        using var deadline = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), default, stopped.Token);
        var token = deadline.Token;

        stopped.Cancel();

        token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_limit_can_only_be_shortened()
    {
        using var deadline = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), default, default);
        deadline.Limit(TimeSpan.FromSeconds(10));
        var first = deadline.At;

        deadline.Limit(TimeSpan.FromSeconds(20));
        deadline.At.ShouldBe(first);

        deadline.Limit(TimeSpan.FromSeconds(5));
        deadline.At.ShouldBeLessThan(first);
    }

    [Fact]
    public void A_passed_deadline_cancels_and_says_so()
    {
        using var deadline = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), default, default);
        deadline.Limit(TimeSpan.Zero);

        deadline.HasPassed.ShouldBeTrue();
        deadline.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void A_timer_that_is_early_ends_the_time_all_the_same()
    {
        // A clock that stands still: to it, the timer is early.
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        using var deadline = new RequestDeadline(time, time.GetTimestamp(), default, default);
        deadline.Limit(TimeSpan.FromMilliseconds(1));

        deadline.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)).ShouldBeTrue();

        deadline.HasPassed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_caller_that_goes_or_a_host_that_stops_is_no_deadline(bool goes)
    {
        using var other = new CancellationTokenSource();
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        using var deadline = new RequestDeadline(time, time.GetTimestamp(), goes ? other.Token : default, goes ? default : other.Token);
        deadline.Limit(TimeSpan.FromMinutes(10));
        var token = deadline.Token;

        other.Cancel();

        token.IsCancellationRequested.ShouldBeTrue();
        deadline.HasPassed.ShouldBeFalse();
    }

    [Fact]
    public void A_used_source_never_cancels_the_next_request()
    {
        using var aborted = new CancellationTokenSource();
        var first = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), aborted.Token, default);
        _ = first.Token;
        first.Dispose();

        using var next = new RequestDeadline(TimeProvider.System, TimeProvider.System.GetTimestamp(), default, default);
        var token = next.Token;
        aborted.Cancel();

        token.IsCancellationRequested.ShouldBeFalse();
    }
}
