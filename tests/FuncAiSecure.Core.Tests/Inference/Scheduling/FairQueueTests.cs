using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Scheduling;
using static FuncAiSecure.Core.Tests.Inference.TestModel;

namespace FuncAiSecure.Core.Tests.Inference.Scheduling;

public class FairQueueTests
{
    [Fact]
    public void Callers_take_turns_whatever_each_has_waiting()
    {
        var queue = new FairQueue(100);
        Add(queue, "heavy", 10);
        Add(queue, "light", 2);
        Add(queue, "other", 1);

        Drain(queue).Take(6).ShouldBe(["heavy", "light", "other", "heavy", "light", "heavy"]);
    }

    [Fact]
    public void Only_turns_that_come_first_stand_before_a_new_request()
    {
        var queue = new FairQueue(100);
        Add(queue, "heavy", 10);
        Add(queue, "light", 2);

        queue.Before(Someone("new")).ShouldBe(2);
        queue.Before(Someone("light")).ShouldBe(2 + 3);
        queue.Before(Someone("heavy")).ShouldBe(10 + 2);
        new FairQueue(1).Before(Someone("new")).ShouldBe(0);
    }

    [Fact]
    public void What_stands_before_a_request_is_what_runs_before_it()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 300; trial++)
        {
            var queue = new FairQueue(1000);
            var names = Enumerable.Range(0, random.Next(1, 6)).Select(i => $"p{i}").ToArray();
            foreach (var name in names)
            {
                Add(queue, name, random.Next(1, 9));
            }

            var mine = names[random.Next(names.Length)];
            var expected = queue.Before(Someone(mine));
            var last = Add(queue, mine, 1)[0];
            var before = 0;
            while (!ReferenceEquals(queue.TakeNext(), last))
            {
                before++;
            }

            // A line's turn in the round that has begun may still come first.
            before.ShouldBeInRange(expected - names.Length, expected);
        }
    }

    [Fact]
    public void A_full_queue_takes_from_the_longest_line_for_one_who_has_less()
    {
        var queue = new FairQueue(10);
        var heavy = Add(queue, "heavy", 10);

        queue.TryAdd(Work("light"), out var displaced).ShouldBeTrue();

        displaced.ShouldBe(heavy[^1]);
        queue.Count.ShouldBe(10);
        queue.TryAdd(Work("heavy"), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_full_queue_takes_from_nobody_who_would_then_have_no_more_than_the_other()
    {
        var queue = new FairQueue(3);
        Add(queue, "one", 2);
        Add(queue, "other", 1);

        queue.TryAdd(Work("other"), out var displaced).ShouldBeFalse();
        displaced.ShouldBeNull();
    }

    [Fact]
    public void Whoever_runs_already_does_not_leave_the_queue()
    {
        var queue = new FairQueue(10);
        Add(queue, "a", 2);
        var taken = queue.TakeNext()!;

        queue.Remove(taken).ShouldBeFalse();
        queue.Count.ShouldBe(1);
    }

    [Fact]
    public void A_heavy_caller_keeps_no_more_than_its_share_of_a_full_queue()
    {
        var queue = new FairQueue(12);
        var random = new Random(1);
        var refused = new Dictionary<string, int> { ["heavy"] = 0, ["a"] = 0, ["b"] = 0 };

        // Ten requests of one caller for each of two others.
        for (var count = 0; count < 1200; count++)
        {
            var name = random.Next(12) switch { 0 => "a", 1 => "b", _ => "heavy" };
            refused[name] += queue.TryAdd(Work(name), out var displaced) ? 0 : 1;
            if (displaced is not null)
            {
                refused[displaced.Principal.Value]++;
            }

            if (count % 3 == 0)
            {
                queue.TakeNext();
            }
        }

        // Of some hundred requests each; a burst of one's own may still fill one's own share.
        refused["a"].ShouldBeLessThan(4);
        refused["b"].ShouldBeLessThan(4);
        refused["heavy"].ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Whoever_leaves_leaves_nothing_behind()
    {
        var queue = new FairQueue(10);
        var works = Add(queue, "a", 3).Concat(Add(queue, "b", 1)).ToList();

        works.ForEach(work => queue.Remove(work).ShouldBeTrue());

        queue.Count.ShouldBe(0);
        queue.TakeNext().ShouldBeNull();
        queue.Remove(works[0]).ShouldBeFalse();
    }

    [Fact]
    public void Company_is_taken_from_every_line_in_turn()
    {
        var queue = new FairQueue(100);
        Add(queue, "a", 3);
        Add(queue, "b", 3);
        var taken = new List<string>();

        queue.TakeWhere(taken, static (taken, work) =>
        {
            if (taken.Count == 4)
            {
                return false;
            }

            taken.Add(work.Principal.Value);
            return true;
        }, 16);

        taken.ShouldBe(["a", "b", "a", "b"]);
        queue.Count.ShouldBe(2);
        Drain(queue).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Company_is_looked_for_behind_those_that_do_not_join_and_no_deeper_than_asked()
    {
        var queue = new FairQueue(100);
        var works = Add(queue, "a", 4);
        var other = Add(queue, "b", 1)[0];
        var seen = new List<RunWork>();
        bool Take(RunWork wanted, RunWork work)
        {
            seen.Add(work);
            return work == wanted;
        }

        queue.TakeWhere(works[2], Take, 2);
        seen.ShouldBe([works[0], other, works[1]]);
        seen.Clear();
        queue.TakeWhere(works[1], Take, 3);

        seen.ShouldBe([works[0], other, works[1], works[2]]);
        queue.Count.ShouldBe(4);
        queue.Remove(works[1]).ShouldBeFalse();
    }

    private static List<RunWork> Add(FairQueue queue, string name, int count) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            var work = Work(name);
            queue.TryAdd(work, out var displaced).ShouldBeTrue();
            displaced.ShouldBeNull();
            return work;
        })];

    private static IEnumerable<string> Drain(FairQueue queue)
    {
        while (queue.TakeNext() is { } work)
        {
            yield return work.Principal.Value;
        }
    }

    private static RunWork Work(string name) => new([], 1, Someone(name), CancellationToken.None);

    private static PrincipalId Someone(string name) => PrincipalId.TryParse(name, out var id) ? id : throw new ArgumentException(name);
}
