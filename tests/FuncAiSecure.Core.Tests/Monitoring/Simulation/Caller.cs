using System.Net;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Tests.Monitoring.Simulation;

/// <summary>Kinds of honest callers.</summary>
internal enum CallerKind
{
    /// <summary>Weekdays from 8 to 18, people behind it.</summary>
    Office,

    /// <summary>Day and night, half as much at night.</summary>
    Service,

    /// <summary>A job at two in the morning that takes twenty minutes and does not start on the second; a few requests by day.</summary>
    NightJob,

    /// <summary>Forty a day.</summary>
    Rare,

    /// <summary>Twenty a minute by day with lively hours.</summary>
    Busy,
}

/// <summary>
/// An honest caller with what makes honest traffic awkward: uneven minutes, runs of similar and of hard inputs, a faulty client now
/// and then that sends a dozen bad inputs in a row, a network that changes every other week.
/// </summary>
internal sealed class Caller(CallerKind kind, string name, Chance chance)
{
    private readonly double _nearShare = 0.02 + (0.25 * chance.Uniform());
    private double _mood;
    private double _hardness;
    private ulong _sketch = chance.Bits();
    private int _network = 1;
    private int _badLeft;
    private double _jobDelay;

    public Principal Principal { get; } = PrincipalOf(name);

    public CallerKind Kind => kind;

    /// <summary>Shifts what the model answers: 0 is its usual distribution.</summary>
    public double Shift { get; set; }

    /// <summary>Requests in a minute.</summary>
    public int CountAt(DateTimeOffset at)
    {
        _mood = (0.9 * _mood) + (0.25 * chance.Normal());
        if (at is { Hour: 0, Minute: 0 })
        {
            _jobDelay = 5 * chance.Uniform();
            _network += chance.Happens(1.0 / 14) ? 1 : 0;
        }

        var isWeekend = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var minute = at.TimeOfDay.TotalMinutes - 120 - _jobDelay;
        var rate = kind switch
        {
            CallerKind.Office => isWeekend || at.Hour is < 8 or >= 18 ? 0.002 : 2.5,
            CallerKind.Service => at.Hour is < 7 ? 1.5 : 3,
            CallerKind.NightJob => minute is >= 0 and < 20 ? 60 : 0.05,
            CallerKind.Rare => 40.0 / 1_440,
            _ => at.Hour is < 7 ? 4 : isWeekend ? 8 : 20,
        };
        return chance.Poisson(rate * Math.Exp(_mood));
    }

    /// <summary>The next honest request.</summary>
    public (RequestFacts Facts, ItemFacts Item) Next()
    {
        _badLeft = _badLeft > 0 ? _badLeft - 1 : chance.Happens(1.0 / 5_000) ? 12 : 0;
        var length = (int)(200 * Math.Exp(0.6 * chance.Normal()));
        var ending = _badLeft > 0 || chance.Happens(0.005) ? Ending.InputRefused
            : chance.Happens(0.001) ? Ending.AccessRefused
            : chance.Happens(0.001) ? Ending.Failed
            : Ending.Served;
        return (new RequestFacts(Principal, AddressOf(_network), "sentiment", 1, ending, length), Answer());
    }

    public static IPAddress AddressOf(int network) => new([10, (byte)(network >> 8), (byte)network, 7]);

    public static Principal PrincipalOf(string name)
    {
        _ = PrincipalId.TryParse(name, out var id);
        return new Principal { Id = id, CredentialKind = CredentialKind.ApiKey, CredentialId = "k", Roles = Roles.Infer, Models = ["*"] };
    }

    private ItemFacts Answer()
    {
        _hardness = (0.7 * _hardness) + (0.7 * chance.Normal());
        var entropy = 1 / (1 + Math.Exp(1.5 - _hardness - Shift));
        _sketch = chance.Happens(_nearShare) ? _sketch ^ (0x10UL << (8 * (int)(8 * chance.Uniform()))) : chance.Bits();
        return new ItemFacts(_sketch | 1, (float)entropy, chance.Happens(0.6 - (0.15 * Shift)) ? 0 : chance.Happens(0.7) ? 1 : 2);
    }
}
