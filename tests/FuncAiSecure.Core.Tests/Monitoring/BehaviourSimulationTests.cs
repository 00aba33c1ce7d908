using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>Each signal against a simulated attack, and all of them against honest weeks. The whole table: the benchmark <c>behaviour</c>.</summary>
public sealed class BehaviourSimulationTests
{
    private static readonly CallerKind[] Kinds = Enum.GetValues<CallerKind>();

    /// <summary>An attack, how many minutes it may go unnoticed.</summary>
    public static TheoryData<string, int> Attacks => new()
    {
        { "burst: 600 requests a minute", 1 },
        { "stolen key, new network, tries models it may not see", 60 },
        { "probing: 6 a minute, six of ten refused", 30 },
        { "extraction at the boundary, 20 a minute", 45 },
        { "extraction by sweeps around a text, 20 a minute", 30 },
        { "drift: the model's answers move", 12 * 60 },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void An_attack_is_noticed_in_time(string name, int minutes)
    {
        var attack = Attack.All.Single(attack => attack.Name == name);
        var world = new World(3, CallerKind.Service, CallerKind.Office);
        world.Run(TimeSpan.FromDays(8) + TimeSpan.FromHours(10));
        world.Anomalies.ShouldNotContain(anomaly => anomaly.Signal == attack.Signal);

        var delay = world.RunUntilNoticed(attack, TimeSpan.FromMinutes(minutes));

        delay.ShouldNotBeNull();
        world.Anomalies[^1].Principal.ShouldBe(attack.Signal == Signal.Drift ? null : "caller-Service-0");
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void An_attack_is_noticed_after_a_restart_as_well(string name, int minutes)
    {
        var attack = Attack.All.Single(attack => attack.Name == name);
        var world = new World(4, CallerKind.Service, CallerKind.Office);
        world.Run(TimeSpan.FromDays(8) + TimeSpan.FromHours(10));

        world.Restart().ShouldBe(3);

        world.RunUntilNoticed(attack, TimeSpan.FromMinutes(minutes)).ShouldNotBeNull();
    }

    [Fact]
    public void Honest_callers_are_called_suspicious_less_than_once_a_week()
    {
        var world = new World(5, Kinds);

        world.Run(TimeSpan.FromDays(3 + 14));

        world.Observed.ShouldBeGreaterThan(400_000);
        foreach (var caller in Kinds)
        {
            world.Anomalies.Count(anomaly => anomaly.Principal?.StartsWith($"caller-{caller}-", StringComparison.Ordinal) == true)
                .ShouldBeLessThan(2, string.Join('\n', world.Anomalies));
        }

        world.Anomalies.ShouldNotContain(anomaly => anomaly.Signal == Signal.Drift);
    }

    [Fact]
    public void The_same_traffic_gives_the_same_signals()
    {
        static List<Anomaly> Run()
        {
            var world = new World(6, CallerKind.Service);
            world.Run(TimeSpan.FromDays(4));
            world.RunUntilNoticed(Attack.All[0], TimeSpan.FromMinutes(2)).ShouldNotBeNull();
            return world.Anomalies;
        }

        Run().ShouldBe(Run());
    }

    [Fact]
    public void Nobody_is_judged_while_it_is_learned()
    {
        var world = new World(7, CallerKind.Service);
        world.Run(TimeSpan.FromDays(2));

        foreach (var attack in Attack.All.Where(attack => attack.Signal != Signal.Drift))
        {
            world.RunUntilNoticed(attack, TimeSpan.FromMinutes(30)).ShouldBeNull(attack.Name);
        }
    }

    [Fact]
    public void A_signal_stays_silent_for_the_cooldown()
    {
        var world = new World(8, CallerKind.Service);
        world.Run(TimeSpan.FromDays(4));
        world.RunUntilNoticed(Attack.All[0], TimeSpan.FromMinutes(2)).ShouldNotBeNull();

        world.RunUntilNoticed(Attack.All[0], TimeSpan.FromMinutes(50)).ShouldBeNull();
        world.RunUntilNoticed(Attack.All[0], TimeSpan.FromMinutes(15)).ShouldNotBeNull();
    }
}
