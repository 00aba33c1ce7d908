using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Tests.Monitoring.Simulation;

/// <summary>What somebody does with a caller's credential, or to a model.</summary>
internal sealed record Attack(string Name, Signal Signal, double PerMinute, Func<Caller, Chance, int, (RequestFacts Facts, ItemFacts Item)>? Next)
{
    /// <summary>All simulated attacks.</summary>
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("burst: 600 requests a minute", Signal.Burst, 600, (caller, _, _) => caller.Next()),
        new("stolen key, new network, tries models it may not see", Signal.Misuse, 3, (caller, chance, _) => Elsewhere(caller, chance, 0.4, "sentiment")),
        new("probing: 6 a minute, six of ten refused", Signal.Probing, 6, (caller, chance, n) => Refused(caller, chance, n)),
        new("extraction at the boundary, 20 a minute", Signal.Extraction, 20, (caller, chance, n) => AtTheEdge(caller, chance)),
        new("extraction by sweeps around a text, 20 a minute", Signal.Extraction, 20, (caller, chance, n) => Sweep(caller, n)),
        new("drift: the model's answers move", Signal.Drift, 0, null),
    ];

    /// <inheritdoc />
    public override string ToString() => Name;

    private static (RequestFacts, ItemFacts) Elsewhere(Caller caller, Chance chance, double refused, string model)
    {
        var (facts, item) = caller.Next();
        var ending = chance.Happens(refused) ? Ending.AccessRefused : Ending.Served;
        return (facts with { Client = Caller.AddressOf(40_000), Ending = ending, Model = ending == Ending.Served ? model : null }, item);
    }

    private static (RequestFacts, ItemFacts) Refused(Caller caller, Chance chance, int n)
    {
        var (facts, item) = caller.Next();
        return (facts with { Ending = chance.Happens(0.6) ? Ending.InputRefused : Ending.Served, InputLength = 100 + (n % 97) }, item);
    }

    private static (RequestFacts, ItemFacts) AtTheEdge(Caller caller, Chance chance)
    {
        var (facts, item) = caller.Next();
        return (facts with { Ending = Ending.Served }, item with { Entropy = chance.Happens(0.8) ? 0.97f : item.Entropy });
    }

    private static (RequestFacts, ItemFacts) Sweep(Caller caller, int n)
    {
        var (facts, item) = caller.Next();
        var around = (ulong)(1 + (n / 12)) * 0x9E3779B97F4A7C15;
        return (facts with { Ending = Ending.Served }, item with { Sketch = (around ^ (0x20UL << (8 * (n % 8)))) | 1 });
    }
}
