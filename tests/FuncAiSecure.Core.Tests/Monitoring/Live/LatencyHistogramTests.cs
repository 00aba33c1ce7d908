using FuncAiSecure.Core.Monitoring.Live;

namespace FuncAiSecure.Core.Tests.Monitoring.Live;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Every_duration_falls_into_a_bucket_that_holds_it_to_a_sixteenth()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var micros = (long)Math.Pow(2, random.NextDouble() * 26.9);
            var index = LatencyHistogram.IndexOf(TimeSpan.FromMicroseconds(micros));
            var end = LatencyHistogram.UpperEndOf(index).TotalMicroseconds;

            end.ShouldBeGreaterThan(micros);
            end.ShouldBeLessThanOrEqualTo((micros * (1 + (1.0 / 16))) + 1);
        }
    }

    [Fact]
    public void Buckets_follow_each_other_without_gap_or_overlap()
    {
        for (var index = 0; index < LatencyHistogram.BucketCount - 1; index++)
        {
            var end = LatencyHistogram.UpperEndOf(index);
            LatencyHistogram.IndexOf(end).ShouldBe(index + 1);
            LatencyHistogram.IndexOf(end - TimeSpan.FromMicroseconds(1)).ShouldBe(index);
        }
    }

    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    public void What_is_less_than_a_microsecond_counts_in_the_first_bucket(long ticks, int bucket) =>
        LatencyHistogram.IndexOf(TimeSpan.FromTicks(ticks)).ShouldBe(bucket);

    [Fact]
    public void What_is_longer_than_the_last_bucket_counts_there()
    {
        LatencyHistogram.IndexOf(TimeSpan.FromHours(1)).ShouldBe(LatencyHistogram.BucketCount - 1);
        LatencyHistogram.IndexOf(TimeSpan.MaxValue).ShouldBe(LatencyHistogram.BucketCount - 1);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void A_percentile_is_that_of_the_sorted_durations_to_a_sixteenth(double share)
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var durations = Enumerable.Range(0, 10_000).Select(_ => TimeSpan.FromMilliseconds(Math.Pow(10, (random.NextDouble() * 4) - 1))).Order().ToList();
        durations.ForEach(histogram.Record);
        var counts = new long[LatencyHistogram.BucketCount];
        histogram.AddTo(counts);

        var exact = durations[(int)Math.Ceiling(durations.Count * share) - 1];
        var told = LatencyHistogram.Percentile(counts, share)!.Value;

        told.ShouldBeGreaterThan(exact);
        told.TotalMicroseconds.ShouldBeLessThanOrEqualTo((exact.TotalMicroseconds * (1 + (1.0 / 16))) + 1);
    }

    [Fact]
    public void Nothing_has_no_percentile() => LatencyHistogram.Percentile(new long[LatencyHistogram.BucketCount], 0.5).ShouldBeNull();

    [Fact]
    public async Task Threads_lose_no_count()
    {
        var histogram = new LatencyHistogram();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                histogram.Record(TimeSpan.FromMilliseconds(i % 3));
            }
        })));
        var counts = new long[LatencyHistogram.BucketCount];
        histogram.AddTo(counts);

        counts.Sum().ShouldBe(200_000);
    }
}
