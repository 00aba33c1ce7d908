using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FuncAiSecure.Core.Identity.ApiKeys;

namespace FuncAiSecure.Benchmarks.Identity;

/// <summary>
/// Does the time of a refusal tell where a guessed secret goes wrong? Keys with a right checksum whose secret differs from the
/// real one in its first or in its last character, in random order; Welch's t over all tries, beside an A/A control.
/// </summary>
internal sealed class KeyTimingBenchmark : IBenchmark
{
    private const int Tries = 100_000;
    private const int KeysOfAKind = 61;

    // The slowest tenth is the machine's doing: interrupts, the collector, neighbours.
    private const double Kept = 0.9;

    private static readonly string[] Kinds = ["first character wrong", "first character wrong, again", "last character wrong"];

    public string Name => "timing";

    public string Purpose => "Whether a wrong key's time tells where it is wrong";

    public Task RunAsync(Report report, CancellationToken cancellation)
    {
        var pepper = new Pepper("timing", RandomNumberGenerator.GetBytes(Pepper.KeyLength), null);
        var ring = new PepperRing([pepper]);
        var real = ApiKeyFormat.Create(ApiKeyFormat.NewId(), pepper, out _);
        var first = real.IndexOf('_', ApiKeyFormat.Prefix.Length) + 1;
        string[][] keys = [Wrong(real, first), Wrong(real, first), Wrong(real, first + ApiKeyFormat.SecretLength - 1)];
        var now = TimeProvider.System.GetUtcNow();
        Measure(keys, ring, now, Tries / 10, cancellation);

        var times = Measure(keys, ring, now, Tries, cancellation);

        var kept = times.Select(Trim).ToArray();
        report.Say($"{Tries:N0} tries of each kind in random order, refused by checksum and issuer tag; the slowest tenth of each is left out. "
            + "|t| under 4.5 is the usual bound for \"no leak found\".");
        report.Table(["keys", "mean ns", "median ns"], kept.Select((ticks, kind) => (IReadOnlyList<string>)
            [Kinds[kind], Report.Number(Nanoseconds(ticks.Average())), Report.Number(Nanoseconds(ticks[ticks.Length / 2]))]));
        report.Table(["compared", "t"],
        [
            ["A/A: first against first", Text(Welch(kept[0], kept[1]))],
            ["A/B: first against last", Text(Welch(kept[0], kept[2]))],
        ]);
        return Task.CompletedTask;
    }

    private static double[][] Measure(string[][] keys, PepperRing ring, DateTimeOffset now, int tries, CancellationToken cancellation)
    {
        var order = Enumerable.Range(0, tries * keys.Length).Select(i => i % keys.Length).ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        var times = keys.Select(_ => new List<double>(tries)).ToArray();
        Span<byte> message = stackalloc byte[ApiKeyFormat.MessageLength];
        Span<byte> tag = stackalloc byte[ApiKeyFormat.TagLength];
        for (var i = 0; i < order.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var key = keys[order[i]][i % KeysOfAKind];
            var start = TimeProvider.System.GetTimestamp();
            var accepted = ApiKeyFormat.TryParse(key, out _, message, tag) && ring.TryVerify(message, tag, now, out _);
            var end = TimeProvider.System.GetTimestamp();
            if (accepted)
            {
                throw new InvalidOperationException("A wrong key was accepted.");
            }

            times[order[i]].Add(end - start);
        }

        return [.. times.Select(list => list.ToArray())];
    }

    // Every other character in this place, with the checksum put right again.
    private static string[] Wrong(string real, int at) =>
    [
        .. Base62.Digits.Where(digit => digit != real[at]).Select(digit =>
        {
            var key = Encoding.ASCII.GetBytes(real);
            key[at] = (byte)digit;
            var end = key.Length - ApiKeyFormat.ChecksumLength;
            Base62.Write(Crc32.Compute(key.AsSpan(0, end)), key.AsSpan(end));
            return Encoding.ASCII.GetString(key);
        }),
    ];

    private static double[] Trim(double[] ticks)
    {
        Array.Sort(ticks);
        return ticks[..(int)(ticks.Length * Kept)];
    }

    private static double Welch(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        return (meanA - meanB) / Math.Sqrt((Variance(a, meanA) / a.Length) + (Variance(b, meanB) / b.Length));
    }

    private static double Variance(double[] values, double mean) => values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);

    private static double Nanoseconds(double ticks) => ticks * 1e9 / TimeProvider.System.TimestampFrequency;

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
