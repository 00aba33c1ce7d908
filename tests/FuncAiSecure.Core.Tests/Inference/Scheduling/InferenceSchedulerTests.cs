using FuncAiSecure.Core.Inference.Scheduling;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

/// <summary>Who runs on the caller's own thread.</summary>
public sealed class InferenceSchedulerTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(20);

    private readonly InferenceScheduler _scheduler = new(TimeProvider.System, slots: 3);

    [Fact]
    public void Whatever_finds_the_machine_idle_runs_at_once() => _scheduler.TryEnter(Long).ShouldNotBeNull();

    [Fact]
    public void A_second_long_run_does_not_hold_a_thread_of_the_pool()
    {
        _scheduler.TryEnter(Long);

        _scheduler.TryEnter(Long).ShouldBeNull();
    }

    [Fact]
    public void Brief_runs_go_on_their_own_threads_as_long_as_cores_are_free()
    {
        var slots = Enumerable.Range(0, 3).Select(_ => _scheduler.TryEnter(Brief)).ToList();

        slots.ShouldAllBe(slot => slot != null);
        _scheduler.TryEnter(Brief).ShouldBeNull();
        _scheduler.Exit(slots[0]!);
        _scheduler.TryEnter(Brief).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void Brief_and_long_work_queues_while_a_runner_is_at_work(int free, int entered)
    {
        InferenceScheduler.MayEnter(Short, free, entered, slots: 3).ShouldBeTrue();

        InferenceScheduler.MayEnter(Brief, free, entered, slots: 3).ShouldBeFalse();
        InferenceScheduler.MayEnter(Long, free, entered, slots: 3).ShouldBeFalse();
    }

    [Fact]
    public void Short_runs_find_no_place_where_all_cores_run()
    {
        Enumerable.Range(0, 3).Select(_ => _scheduler.TryEnter(Short)).ShouldAllBe(slot => slot != null);

        _scheduler.TryEnter(Short).ShouldBeNull();
    }

    [Fact]
    public void Nothing_enters_after_the_end()
    {
        _scheduler.Dispose();

        _scheduler.TryEnter(Short).ShouldBeNull();
    }

    public void Dispose() => _scheduler.Dispose();
}
