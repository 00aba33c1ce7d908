namespace FuncAiSecure.Core.Tests.Monitoring.Simulation;

/// <summary>The same numbers for the same seed, on every machine (SplitMix64, Steele, Lea and Flood 2014).</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public bool Happens(double probability) => Uniform() < probability;

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Poisson by inversion; by the normal distribution for large means.</summary>
    public int Poisson(double mean)
    {
        if (mean > 50)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        var count = 0;
        for (var product = Uniform(); product > Math.Exp(-mean); product *= Uniform())
        {
            count++;
        }

        return count;
    }
}
