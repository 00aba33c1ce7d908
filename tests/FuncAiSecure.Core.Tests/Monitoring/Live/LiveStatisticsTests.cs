using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Live;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Monitoring.Live;

public sealed class LiveStatisticsTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly LiveStatistics _live;

    public LiveStatisticsTests() => _live = new LiveStatistics(_time);

    [Fact]
    public void Ends_are_counted_by_their_kind()
    {
        End(Request("a"));
        End(Request("b") with { Refused = RefusalCode.RateLimited, Status = 429 });
        End(Request("c") with { IsAbandoned = true, Status = 0 });

        (_live.Served, _live.RefusedFor(RefusalCode.RateLimited), _live.RefusedFor(RefusalCode.NotFound), _live.Abandoned).ShouldBe((1, 1, 0, 1));
        var (_, sum) = _live.Timeline().ShouldHaveSingleItem();
        (sum.Served, sum.Refused, sum.Abandoned, sum.RefusedFor(RefusalCode.RateLimited)).ShouldBe((1, 1, 1, 1));
        _live.Recent().Select(entry => entry.Request.RequestId).ShouldBe(["c", "b", "a"]);
    }

    [Fact]
    public void What_runs_is_active_until_it_ends()
    {
        _live.Begin();
        _live.Begin();
        _live.Active.ShouldBe(2);

        _live.End(Request("a"));

        _live.Active.ShouldBe(1);
    }

    [Fact]
    public void The_last_requests_are_a_hundred_however_many_there_were()
    {
        for (var i = 0; i < 1_234; i++)
        {
            End(Request($"r{i}"));
        }

        var recent = _live.Recent();

        recent.Count.ShouldBe(LiveStatistics.RecentCount);
        recent.Select(entry => entry.Request.RequestId).ShouldBe(Enumerable.Range(0, LiveStatistics.RecentCount).Select(i => $"r{1_233 - i}"));
    }

    [Fact]
    public void The_timeline_is_a_quarter_of_an_hour_however_long_it_runs()
    {
        for (var i = 0; i < 1_000; i++)
        {
            End(Request("a"));
            _time.Advance(LiveStatistics.Stretch);
        }

        // The running stretch is empty.
        var timeline = _live.Timeline();

        timeline.Count.ShouldBe(LiveStatistics.StretchCount - 1);
        timeline.ShouldAllBe(stretch => stretch.Sum.Served == 1);
        timeline.Zip(timeline.Skip(1)).ShouldAllBe(pair => pair.Second.Begin - pair.First.Begin == LiveStatistics.Stretch);
        timeline[^1].Begin.ShouldBe(_time.GetUtcNow() - LiveStatistics.Stretch);
    }

    [Fact]
    public void What_is_older_than_the_timeline_is_not_told_and_stays_in_the_totals()
    {
        End(Request("a"));
        _time.Advance(TimeSpan.FromMinutes(31));

        _live.Timeline().ShouldBeEmpty();
        _live.Actions().ShouldBeEmpty();
        _live.Served.ShouldBe(1);
    }

    [Fact]
    public void A_clock_that_goes_back_keeps_the_newer_stretch()
    {
        var ring = new TallyRing(TimeSpan.FromSeconds(10), 3);
        var now = _time.GetUtcNow();
        ring.Add(now, Request("a"));
        ring.Add(now - TimeSpan.FromSeconds(30), Request("b"));

        var (begin, tally) = ring.Read(now).ShouldHaveSingleItem();

        begin.ShouldBe(now);
        var sum = new TallySum();
        tally.AddTo(sum);
        sum.Served.ShouldBe(2);
    }

    [Fact]
    public void Actions_are_told_apart_and_no_more_than_a_bound_of_them()
    {
        for (var i = 0; i < 1_000; i++)
        {
            End(Request("a") with { Action = $"Action{i}", Duration = TimeSpan.FromMilliseconds(i + 1) });
        }

        var actions = _live.Actions();

        actions.Count.ShouldBe(256);
        actions.Single(action => action.Action == "Action9").Sum.Percentile(0.5)!.Value.TotalMilliseconds.ShouldBeInRange(10, 10.7);
    }

    [Fact]
    public void A_pseudonym_tells_principals_apart_and_not_who_they_are()
    {
        var (ann, ben) = (Principal("ann"), Principal("ben"));

        _live.PseudonymOf(ann).ShouldBe(_live.PseudonymOf(ann));
        _live.PseudonymOf(ann).ShouldNotBe(_live.PseudonymOf(ben));
        _live.PseudonymOf(ann).ShouldMatch("^[0-9a-f]{12}$");
        new LiveStatistics(_time).PseudonymOf(ann).ShouldNotBe(_live.PseudonymOf(ann));
    }

    [Fact]
    public void A_request_allocates_nothing()
    {
        var request = Request("a") with { Principal = Principal("ann") };
        End(request);

        Allocation.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                End(request);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public async Task Threads_that_meet_at_a_new_stretch_lose_no_count()
    {
        for (var round = 0; round < 50; round++)
        {
            _time.Advance(LiveStatistics.Stretch);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                for (var i = 0; i < 50; i++)
                {
                    End(Request("a"));
                }
            })));
        }

        _live.Timeline().ShouldAllBe(stretch => stretch.Sum.Served == 200);
        _live.Served.ShouldBe(10_000);
    }

    private void End(in FinishedRequest request)
    {
        _live.Begin();
        _live.End(in request);
    }

    private static FinishedRequest Request(string id) => new(id, "Classify", "words", 1, null, null, false, 200, TimeSpan.FromMilliseconds(3));

    private static PrincipalId Principal(string id) => PrincipalId.TryParse(id, out var principal) ? principal : throw new FormatException(id);
}
