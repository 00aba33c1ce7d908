using FuncAiSecure.Core.Inference.Scheduling;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

public sealed class GatheringTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(2);

    private readonly Gathering _gathering = new();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(8, 0, 8)]
    [InlineData(8, 3, 2)]
    public void What_waits_is_spread_over_the_free_cores(int waiting, int free, int part) =>
        _gathering.PartOf(waiting, free).ShouldBe(part);

    [Fact]
    public void A_run_that_goes_on_has_its_part_already()
    {
        _gathering.Began(5);

        _gathering.PartOf(3, free: 0).ShouldBe(4);
        _gathering.PartOf(1, free: 0).ShouldBe(3);
    }

    [Fact]
    public void Cores_that_other_models_use_are_not_counted()
    {
        _gathering.PartOf(6, free: 0).ShouldBe(6);
    }

    [Fact]
    public void The_callers_of_a_shared_run_are_waited_for_until_they_are_back()
    {
        _gathering.Began(4);
        _gathering.Began(4);

        _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeTrue();

        _gathering.IsOn.ShouldBeTrue();
        _gathering.IsEnough(1).ShouldBeFalse();
        _gathering.IsEnough(3).ShouldBeFalse();
        _gathering.IsEnough(4).ShouldBeTrue();
        _gathering.IsOn.ShouldBeFalse();
    }

    [Fact]
    public void A_lone_caller_is_not_waited_for()
    {
        _gathering.Began(1);
        _gathering.Ended(1, waiting: 0, free: 1, Slow).ShouldBeFalse();
    }

    [Fact]
    public void Two_callers_on_two_cores_are_not_waited_for()
    {
        _gathering.Began(1);
        _gathering.Began(1);
        _gathering.Ended(1, waiting: 0, free: 0, Slow).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_is_waited_for_where_enough_wait_already()
    {
        _gathering.Began(2);
        _gathering.Began(2);
        _gathering.Ended(2, waiting: 4, free: 0, Slow).ShouldBeFalse();
    }

    [Fact]
    public void Short_runs_are_not_worth_a_wait()
    {
        _gathering.Began(8);
        _gathering.Ended(8, waiting: 0, free: 0, TimeSpan.FromMicroseconds(400)).ShouldBeFalse();
    }

    [Fact]
    public void One_runner_waits_at_a_time()
    {
        _gathering.Began(4);
        _gathering.Began(4);
        _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeTrue();
        _gathering.Ended(4, waiting: 1, free: 0, Slow).ShouldBeFalse();
    }

    [Fact]
    public void A_wait_that_did_not_help_is_not_tried_again_for_eight_runs()
    {
        _gathering.Began(4);
        _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeTrue();
        _gathering.Stop();

        for (var run = 0; run < 8; run++)
        {
            _gathering.Began(4);
            _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeFalse();
        }

        _gathering.Began(4);
        _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeTrue();
    }

    [Fact]
    public void A_wait_that_helped_is_tried_again_at_once()
    {
        for (var run = 0; run < 3; run++)
        {
            _gathering.Began(4);
            _gathering.Ended(4, waiting: 0, free: 0, Slow).ShouldBeTrue();
            _gathering.IsEnough(4).ShouldBeTrue();
            _gathering.Stop();
        }
    }
}
