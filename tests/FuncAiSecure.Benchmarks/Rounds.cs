namespace FuncAiSecure.Benchmarks;

/// <summary>
/// Times several candidates in interleaved rounds (A B C, then C B A), so that a busy neighbour on the machine hits
/// all of them, and takes ratios inside a round.
/// </summary>
internal sealed class Rounds(int rounds, TimeSpan slice)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>Runs each candidate for a slice a round; the first candidate is the baseline.</summary>
    public IReadOnlyList<Timing> Run(IReadOnlyList<(string Name, Action Work)> candidates, CancellationToken cancellation)
    {
        var micros = candidates.Select(_ => new List<double>()).ToList();
        var bytes = new double[candidates.Count];
        foreach (var (_, work) in candidates)
        {
            Slice(work, slice / 2, out _);
        }

        foreach (var (_, index) in Interleaved(rounds, candidates.Count))
        {
            cancellation.ThrowIfCancellationRequested();
            micros[index].Add(Slice(candidates[index].Work, slice, out bytes[index]));
        }

        return
        [
            .. candidates.Select((candidate, index) => new Timing(
                candidate.Name,
                Median(micros[index]),
                Median([.. micros[index].Select((value, round) => value / micros[0][round])]),
                bytes[index],
                micros[index])),
        ];
    }

    /// <summary>Whose turn it is: every candidate once a round, every other round in reverse.</summary>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="candidates">How many there are.</param>
    /// <param name="before">Rounds before them, numbered below zero, that do not count.</param>
    public static IEnumerable<(int Round, int Index)> Interleaved(int rounds, int candidates, int before = 0) =>
        from round in Enumerable.Range(-before, before + rounds)
        from step in Enumerable.Range(0, candidates)
        select (round, round % 2 == 0 ? step : candidates - 1 - step);

    /// <summary>The middle of the values.</summary>
    public static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Slice(Action work, TimeSpan length, out double bytesEach)
    {
        var start = Clock.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        long count = 0;
        TimeSpan elapsed;
        do
        {
            work();
            count++;
            elapsed = Clock.GetElapsedTime(start);
        }
        while (elapsed < length);
        bytesEach = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        return elapsed.TotalMicroseconds / count;
    }
}

/// <summary>What one candidate took.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Micros">Median microseconds an operation.</param>
/// <param name="Ratio">Median over the rounds of its time over the baseline's.</param>
/// <param name="Bytes">Bytes allocated an operation on the measuring thread.</param>
/// <param name="Each">Microseconds an operation in each round, in order.</param>
internal sealed record Timing(string Name, double Micros, double Ratio, double Bytes, IReadOnlyList<double> Each)
{
    /// <summary>Microseconds an operation in the quietest round.</summary>
    public double Least => Each.Min();

    /// <summary>The median over the rounds of a figure made from this candidate's time and another's in the same round.</summary>
    public double Against(Timing other, Func<double, double, double> figure) =>
        Rounds.Median([.. Each.Zip(other.Each, figure)]);
}
