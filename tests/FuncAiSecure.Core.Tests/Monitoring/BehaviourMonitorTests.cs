using System.Net;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Monitoring.Behaviour.Watching;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>Bounds, snapshots and parts of the watch over behaviour.</summary>
public sealed class BehaviourMonitorTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_profile_takes_248_bytes_and_the_table_no_more_than_its_capacity()
    {
        ProfileTable.BytesEach.ShouldBe(248);
        new ProfileTable(65_536).Capacity.ShouldBe(65_536);
    }

    [Fact]
    public void Far_more_principals_than_fit_take_no_more_room_and_the_latest_stay()
    {
        var table = new ProfileTable(1_024);
        for (var i = 1u; i <= 50_000; i++)
        {
            table.Of(Hashes.Of("principal-" + i)).LastMinute = i;
        }

        var kept = Enumerable.Range(0, table.Capacity).Count(i => table.TryTakeChanged(i, 60_000, out _));
        kept.ShouldBe(1_024);
        table.Of(Hashes.Of("principal-50000")).LastMinute.ShouldBe(50_000u);
        table.Of(Hashes.Of("principal-1")).LastMinute.ShouldBe(0u);
    }

    [Fact]
    public void Observing_allocates_nothing()
    {
        var monitor = Monitor();
        var caller = new Caller(CallerKind.Service, "caller", new Chance(1));
        var requests = Enumerable.Range(0, 200).Select(_ => caller.Next()).ToArray();
        Observe(monitor, requests);

        Allocation.Of(() => Observe(monitor, requests)).ShouldBe(0);
    }

    [Fact]
    public void What_was_taken_for_saving_is_not_taken_again_until_it_changes()
    {
        var monitor = Monitor();
        var caller = new Caller(CallerKind.Service, "caller", new Chance(1));
        Observe(monitor, [caller.Next()]);
        var taken = monitor.TakeChanged().Where(state => !state.IsModel).ToList();
        taken.Count.ShouldBe(1);
        monitor.TakeChanged().ShouldAllBe(state => state.IsModel);

        monitor.MarkUnsaved(taken[0]);
        monitor.TakeChanged().Count(state => !state.IsModel).ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(2));
        Observe(monitor, [caller.Next()]);
        monitor.TakeChanged().Count(state => !state.IsModel).ShouldBe(1);
    }

    [Fact]
    public void A_saved_profile_of_another_format_length_or_principal_is_left_out()
    {
        var monitor = Monitor();
        Observe(monitor, [new Caller(CallerKind.Service, "caller", new Chance(1)).Next()]);
        var state = monitor.TakeChanged().First(state => !state.IsModel);
        var other = Monitor();

        other.Restore(state with { Format = 99 }).ShouldBeFalse();
        other.Restore(state with { Bytes = state.Bytes[1..] }).ShouldBeFalse();
        other.Restore(state with { Key = state.Key + 2 }).ShouldBeFalse();
        other.Restore(state with { IsModel = true }).ShouldBeFalse();
        other.TakeChanged().ShouldBeEmpty();
        other.Restore(state).ShouldBeTrue();
    }

    [Fact]
    public void An_older_saved_profile_does_not_replace_what_is_known()
    {
        var monitor = Monitor();
        var caller = new Caller(CallerKind.Service, "caller", new Chance(1));
        Observe(monitor, [caller.Next()]);
        var old = monitor.TakeChanged().First(state => !state.IsModel);
        _time.Advance(TimeSpan.FromMinutes(2));
        Observe(monitor, [caller.Next(), caller.Next()]);

        monitor.Restore(old);

        var now = monitor.TakeChanged().First(state => !state.IsModel);
        System.Runtime.InteropServices.MemoryMarshal.Read<Profile>(now.Bytes).Requests.ShouldBe(3u);
    }

    [Theory]
    [InlineData("the hotel was lovely and the staff were kind to us all week", "the hotel was lovely and the staff were rude to us all week", true)]
    [InlineData("The hotel was lovely, and the staff were kind.", "the hotel was lovely and the staff were kind", true)]
    [InlineData("the hotel was lovely and the staff were kind to us", "quarterly revenue rose because shipping costs fell sharply", false)]
    public void Sketches_are_near_where_words_are_shared(string left, string right, bool isNear) =>
        InputSketch.AreNear(InputSketch.Of(left), InputSketch.Of(right)).ShouldBe(isNear);

    [Theory]
    [InlineData("")]
    [InlineData(" .,!? ")]
    public void A_text_without_a_word_has_no_sketch(string text) => InputSketch.Of(text).ShouldBe(0UL);

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.200", true)]
    [InlineData("10.1.2.3", "::ffff:10.1.2.9", true)]
    [InlineData("10.1.2.3", "10.1.3.3", false)]
    [InlineData("2001:db8:1::1", "2001:db8:1:ffff::2", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    public void Networks_are_told_apart_as_the_audit_trail_does(string left, string right, bool isSame) =>
        (NetworkWatch.HashOf(IPAddress.Parse(left)) == NetworkWatch.HashOf(IPAddress.Parse(right))).ShouldBe(isSame);

    [Fact]
    public void Entropy_is_between_none_and_all()
    {
        ItemFacts.EntropyOf([1f, 0f]).ShouldBe(0);
        ItemFacts.EntropyOf([0.25f, 0.25f, 0.25f, 0.25f]).ShouldBe(1, 1e-5);
        ItemFacts.EntropyOf([1f]).ShouldBe(float.NaN);
        ItemFacts.EntropyOf([]).ShouldBe(float.NaN);
    }

    [Fact]
    public void Every_refusal_has_an_ending_and_only_an_answer_is_served()
    {
        Endings.Of(null).ShouldBe(Ending.Served);
        Enum.GetValues<RefusalCode>().Select(code => Endings.Of(code)).ShouldNotContain(Ending.Served);
        Endings.Of(RefusalCode.Overloaded).ShouldBe(Ending.Failed);
        Endings.Of(RefusalCode.RateLimited).ShouldBe(Ending.LimitRefused);
    }

    private static void Observe(BehaviourMonitor monitor, (RequestFacts Facts, ItemFacts Item)[] requests)
    {
        foreach (ref readonly var request in requests.AsSpan())
        {
            monitor.Observe(in request.Facts, new ReadOnlySpan<ItemFacts>(in request.Item));
        }
    }

    private BehaviourMonitor Monitor() => new(new BehaviourOptions { MaxPrincipals = 1_024 }, _time);
}
