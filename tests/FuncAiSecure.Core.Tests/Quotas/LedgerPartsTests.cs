using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;
using FuncAiSecure.Core.Storage;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>Keys, entries, windows, the clock's bounds and the bucket.</summary>
public sealed class LedgerPartsTests
{
    private static readonly Policy Minute = new() { Name = "minute", Window = PolicyWindow.Minute, Unit = QuotaUnit.Requests, Amount = 1 };

    [Fact]
    public void Keys_hold_no_forbidden_character_and_no_two_names_meet()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        Prop.ForAll<NonEmptyString>(text =>
        {
            var name = text.Get.Replace("\0", "/", StringComparison.Ordinal);
            if (name.Any(char.IsSurrogate))
            {
                return true;
            }

            var key = QuotaKeys.Encode(name);
            var fresh = !seen.TryGetValue(key, out var other) || other == name;
            seen[key] = name;
            return fresh && key.All(c => c is > ' ' and < '\x7f' and not ('/' or '\\' or '#' or '?' or '!' or '\''));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a/b", "a=2Fb")]
    [InlineData("a=2Fb", "a=3D2Fb")]
    [InlineData("a!b", "a=21b")]
    [InlineData("é", "=C3=A9")]
    [InlineData("app:one@x", "app:one@x")]
    public void A_name_has_one_spelling(string name, string key) => QuotaKeys.Encode(name).ShouldBe(key);

    [Fact]
    public void The_longest_principal_fits_a_key()
    {
        PrincipalId.TryParse(new string('/', PrincipalId.MaxLength), out var id).ShouldBeTrue();

        var address = QuotaKeys.Counter(id, Minute, Window.At(PolicyWindow.Minute, DateTime.UnixEpoch.Ticks));

        address.PartitionKey.Length.ShouldBeLessThan(512);
        address.RowKey.ShouldBe("mr19700101T0000");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,1,2,3,4;b-2,9,0,0,1700000000")]
    public void Entries_come_back_as_written(string text)
    {
        LeaseEntry.TryParse(text, out var entries).ShouldBeTrue();
        LeaseEntry.Format(entries).ShouldBe(text);
    }

    [Theory]
    [InlineData(";")]
    [InlineData("a,1,2,3")]
    [InlineData("a,1,2,3,4,5")]
    [InlineData("a,-1,2,3,4")]
    [InlineData("a, 1,2,3,4")]
    [InlineData(",1,2,3,4")]
    [InlineData("a,1,2,3,99999999999999999999")]
    public void Entries_that_nobody_wrote_are_refused(string text) => LeaseEntry.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_row_keeps_64_entries_and_counts_what_the_others_held()
    {
        var row = new WindowRow { EndsAt = DateTime.UnixEpoch };
        for (var i = 0; i < 70; i++)
        {
            row = row.Grant($"i{i}", 1, 10, 3, i, 1_000);
        }

        row.Entries.Length.ShouldBe(WindowRow.MaxEntries);
        row.Strayed.ShouldBe(18);
        row.Reset().Outstanding.ShouldBe(70 * 3);
    }

    [Fact]
    public void A_lease_takes_back_no_more_than_it_was_lent()
    {
        var row = new WindowRow { EndsAt = DateTime.UnixEpoch }.Grant("a", 1, 10, 10, 0, 100).Grant("b", 1, 5, 5, 0, 100);

        row.TakeBack("b", 2, 9, 0, 0).Outstanding.ShouldBe(10);
        row.TakeBack("c", 1, 9, 0, 0).Outstanding.ShouldBe(15);
    }

    [Theory]
    [InlineData(PolicyWindow.Minute, "2026-12-31T23:59:59.999", "2026-12-31T23:59", "2027-01-01T00:00")]
    [InlineData(PolicyWindow.Hour, "2026-12-31T23:00:00", "2026-12-31T23:00", "2027-01-01T00:00")]
    [InlineData(PolicyWindow.Day, "2024-02-29T12:00:00", "2024-02-29T00:00", "2024-03-01T00:00")]
    [InlineData(PolicyWindow.Month, "2024-02-29T12:00:00", "2024-02-01T00:00", "2024-03-01T00:00")]
    [InlineData(PolicyWindow.Month, "2026-12-31T23:59:59", "2026-12-01T00:00", "2027-01-01T00:00")]
    public void Windows_are_aligned_to_UTC(PolicyWindow kind, string now, string start, string end)
    {
        var window = Window.At(kind, Utc(now));

        window.Start.Ticks.ShouldBe(Utc(start));
        window.End.Ticks.ShouldBe(Utc(end));
    }

    [Fact]
    public void The_clock_s_bounds_hold_the_truth_and_narrow()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var world = new Simulation.SimWorld(seed);
            var random = world.Random;
            var time = new Simulation.SimTime(world, new Simulation.SimContext(world), TimeSpan.FromHours(-3), (random.NextDouble() - 0.5) * 380e-6);
            var clock = new ServiceClock(time);
            for (var answer = 0; answer < 60; answer++)
            {
                var sent = time.GetTimestamp();
                world.RunUntil(world.Now + random.Next(10_000, 300_000));
                var date = new DateTimeOffset(world.Now - (world.Now % TimeSpan.TicksPerSecond), TimeSpan.Zero);
                world.RunUntil(world.Now + random.Next(10_000, 300_000));
                clock.Observe(date, sent, time.GetTimestamp());
                world.RunUntil(world.Now + random.Next(0, 20_000_000));

                var (earliest, latest) = clock.At(time.GetTimestamp());
                world.Now.ShouldBeInRange(earliest, latest, $"seed {seed}");
            }

            var bounds = clock.At(time.GetTimestamp());
            TimeSpan.FromTicks(bounds.Latest - bounds.Earliest).ShouldBeLessThan(TimeSpan.FromMilliseconds(300));
        }
    }

    [Fact]
    public void The_bucket_admits_in_any_span_at_most_its_capacity_and_its_rate()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var capacity = random.Next(1, 50);
            var perSecond = random.Next(1, 100);
            var bucket = new TokenBucket(capacity, perSecond, 1_000);
            var admitted = new List<long>();
            for (long now = 0; now < 120_000; now += random.Next(0, 40))
            {
                if (bucket.TryTake(now, out var _, out var wait))
                {
                    admitted.Add(now);
                }
                else
                {
                    wait.ShouldBeGreaterThan(0);
                }
            }

            for (int from = 0, to = 0; to < admitted.Count; to++)
            {
                while (admitted[to] - admitted[from] > 60_000)
                {
                    from++;
                }

                // Intervals are whole milliseconds here, so that a rate of 30 a second is one of 1000 / 33.
                (to - from + 1).ShouldBeLessThanOrEqualTo(capacity + (int)Math.Ceiling(60_000.0 / (1_000 / perSecond)) + 1);
            }
        }
    }

    [Fact]
    public void A_token_that_came_back_by_itself_is_not_put_back_again()
    {
        var bucket = new TokenBucket(10, 10, 1_000);
        var held = Enumerable.Range(0, 5).Select(_ => bucket.TryTake(0, out var token, out var _) ? token : default).ToList();

        // A second later the bucket has long been full again, and is emptied; only then the first five come to nothing.
        Enumerable.Range(0, 20).Count(_ => bucket.TryTake(1_000, out var _, out var _)).ShouldBe(10);
        held.ForEach(bucket.Refund);

        Enumerable.Range(0, 20).Count(_ => bucket.TryTake(1_000, out var _, out var _)).ShouldBe(0);
    }

    [Fact]
    public void A_token_comes_back_at_no_more_than_it_cost()
    {
        var bucket = new TokenBucket(10, 10, 1_000);
        bucket.TryTake(0, out var token, out var _).ShouldBeTrue();
        Enumerable.Range(0, 20).Count(_ => bucket.TryTake(0, out var _, out var _)).ShouldBe(9);
        bucket.Share(4);

        bucket.Refund(token);

        // A fourth of the bucket holds two tokens of 400 ms. Nine of 100 ms are owed: at 200 ms the first is not there yet.
        bucket.Read(200).Tokens.ShouldBe(0);
        bucket.Read(500).Tokens.ShouldBe(1);
    }

    [Fact]
    public void Instances_share_a_bucket_evenly()
    {
        var bucket = new TokenBucket(20, 10, 1_000);
        bucket.Share(4);

        Enumerable.Range(0, 20).Count(_ => bucket.TryTake(0, out var _, out var _)).ShouldBe(5);
        Enumerable.Range(0, 20).Count(_ => bucket.TryTake(1_000, out var _, out var _)).ShouldBe(2);
    }

    [Fact]
    public void An_instance_of_more_than_the_bucket_has_tokens_still_has_one()
    {
        var bucket = new TokenBucket(2, 1, 1_000);
        bucket.Share(5);

        Enumerable.Range(0, 5).Count(_ => bucket.TryTake(0, out var _, out var _)).ShouldBe(1);
    }

    [Fact]
    public void A_token_is_put_back_although_others_were_taken_since()
    {
        var bucket = new TokenBucket(10, 10, 1_000);
        bucket.TryTake(0, out var first, out _).ShouldBeTrue();
        bucket.TryTake(10, out _, out _).ShouldBeTrue();

        bucket.Refund(first);

        bucket.Read(10).Tokens.ShouldBe(9);
    }

    [Fact]
    public void Blocks_leave_99_percent_and_shrink_to_nothing()
    {
        var empty = new WindowRow { EndsAt = DateTime.UnixEpoch };

        BlockSize.Target(empty, "a", 10_000, 10_000, 1_000, TimeSpan.FromSeconds(2), 0).ShouldBe(100);
        BlockSize.Target(empty, "a", 10_000, 40, 1_000, TimeSpan.FromSeconds(2), 0).ShouldBe(10);
        BlockSize.Target(empty, "a", 10_000, 3, 1_000, TimeSpan.FromSeconds(2), 0).ShouldBe(0);
        BlockSize.Target(empty, "a", 10_000, 10_000, 3, TimeSpan.FromSeconds(2), 0).ShouldBe(6);
        BlockSize.Target(empty.Grant("b", 1, 60, 60, 0, 10_000), "a", 10_000, 9_940, 1_000, TimeSpan.FromSeconds(2), 0).ShouldBe(40);
        BlockSize.Target(empty.Grant("b", 1, 60, 60, 0, 10_000), "a", 10_000, 9_940, 1_000, TimeSpan.FromSeconds(2), 31).ShouldBe(100);
    }

    private static long Utc(string text) =>
        DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal
            | System.Globalization.DateTimeStyles.AssumeUniversal).Ticks;
}
