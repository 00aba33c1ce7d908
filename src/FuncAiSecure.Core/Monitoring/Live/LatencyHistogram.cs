using System.Numerics;

namespace FuncAiSecure.Core.Monitoring.Live;

/// <summary>
/// Counts durations in fixed buckets, sixteen to each power of two of a microsecond, so that a percentile is told to within a
/// sixteenth (6.25 %) of its value. Safe for several threads without a lock; recording allocates nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    // 2^27 microseconds, 134 s: a request's deadline is 30 s by default. Whatever is longer counts in the last bucket.
    private const int SubBits = 4;
    private const int MaxExponent = 27;
    private const int SubBuckets = 1 << SubBits;

    private readonly int[] _counts = new int[BucketCount];

    /// <summary>How many buckets there are.</summary>
    public static int BucketCount => (MaxExponent - SubBits + 1) * SubBuckets;

    /// <summary>Counts a duration; a negative one counts as none.</summary>
    public void Record(TimeSpan duration) => Interlocked.Increment(ref _counts[IndexOf(duration)]);

    /// <summary>Adds the counts to <paramref name="sums"/>, which has <see cref="BucketCount"/> places.</summary>
    public void AddTo(Span<long> sums)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            sums[i] += Volatile.Read(ref _counts[i]);
        }
    }

    /// <summary>The upper end of the bucket in which a share of the counts is reached; null where nothing was counted.</summary>
    /// <param name="counts">Counts by bucket.</param>
    /// <param name="share">Above 0, at most 1.</param>
    public static TimeSpan? Percentile(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(total * share));
        for (var i = 0; i < counts.Length && total > 0; i++)
        {
            rank -= counts[i];
            if (rank <= 0)
            {
                return UpperEndOf(i);
            }
        }

        return null;
    }

    internal static int IndexOf(TimeSpan duration)
    {
        var micros = (ulong)Math.Clamp(duration.Ticks / TimeSpan.TicksPerMicrosecond, 0, (1L << MaxExponent) - 1);
        if (micros < SubBuckets)
        {
            return (int)micros;
        }

        var exponent = BitOperations.Log2(micros);
        return ((exponent - SubBits + 1) * SubBuckets) + (int)((micros >> (exponent - SubBits)) & (SubBuckets - 1));
    }

    internal static TimeSpan UpperEndOf(int index)
    {
        if (index < SubBuckets)
        {
            return TimeSpan.FromMicroseconds(index + 1);
        }

        var shift = (index / SubBuckets) - 1;
        return TimeSpan.FromMicroseconds((long)(SubBuckets + (index % SubBuckets) + 1) << shift);
    }
}
