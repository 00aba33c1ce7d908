using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Monitoring.Simulation;

/// <summary>Callers, minute by minute, on a virtual clock that starts on a Monday.</summary>
internal sealed class World
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Start);
    private readonly Chance _chance;
    private readonly List<Caller> _callers = [];
    private int _minute;
    private int _attackCount;

    public World(ulong seed, params CallerKind[] kinds)
    {
        _chance = new Chance(seed);
        foreach (var kind in kinds)
        {
            _callers.Add(new Caller(kind, $"caller-{kind}-{_callers.Count}", new Chance(_chance.Bits())));
        }

        Monitor = new BehaviourMonitor(new BehaviourOptions { MaxPrincipals = 1_024 }, _time);
    }

    public BehaviourMonitor Monitor { get; private set; }

    public List<Anomaly> Anomalies { get; } = [];

    public DateTimeOffset Now => Start.AddMinutes(_minute);

    public long Observed { get; private set; }

    /// <summary>Requests of the last attack until it was noticed.</summary>
    public int AttackRequests => _attackCount;

    /// <summary>Honest traffic.</summary>
    public void Run(TimeSpan span) => Run(span, null, null);

    /// <summary>An attack on the first caller's account beside everybody's honest traffic, until it is noticed.</summary>
    /// <returns>How long that took; null if it was not.</returns>
    public TimeSpan? RunUntilNoticed(Attack attack, TimeSpan span)
    {
        var from = Now;
        var seen = Anomalies.Count;
        _attackCount = 0;
        bool IsNoticed() => Anomalies.Skip(seen).Any(anomaly => anomaly.Signal == attack.Signal);
        if (attack.Signal == Signal.Drift)
        {
            _callers.ForEach(caller => caller.Shift = 2);
        }

        Run(span, attack, IsNoticed);
        return IsNoticed() ? Anomalies.Skip(seen).First(anomaly => anomaly.Signal == attack.Signal).At - from : null;
    }

    /// <summary>The process ends and another one takes over what was saved.</summary>
    /// <returns>How many profiles it took over.</returns>
    public int Restart()
    {
        var next = new BehaviourMonitor(new BehaviourOptions { MaxPrincipals = 1_024 }, _time);
        var taken = Monitor.TakeChanged().Count(state => next.Restore(in state));
        Monitor = next;
        return taken;
    }

    private void Run(TimeSpan span, Attack? attack, Func<bool>? isOver)
    {
        for (var end = _minute + (int)span.TotalMinutes; _minute < end && isOver?.Invoke() != true; _minute++)
        {
            foreach (var caller in _callers)
            {
                Send(caller.CountAt(Now), caller.Next, null);
            }

            if (attack?.Next is { } next)
            {
                Send(_chance.Poisson(attack.PerMinute), () => next(_callers[0], _chance, _attackCount++), isOver);
            }
        }
    }

    private void Send(int count, Func<(RequestFacts Facts, ItemFacts Item)> next, Func<bool>? isOver)
    {
        for (var i = 0; i < count && isOver?.Invoke() != true; i++)
        {
            _time.Set(Now.AddSeconds(60.0 * i / count));
            var (facts, item) = next();
            Monitor.Observe(in facts, facts.Ending == Ending.Served ? [item] : []);
            Observed++;
            while (Monitor.Pending.TryRead(out var raised))
            {
                Anomalies.Add(raised.Anomaly);
            }
        }
    }
}
