using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Tests.Quotas.Simulation;

/// <summary>What a schedule may contain.</summary>
internal sealed record ScheduleShape(bool Faults, bool Crashes, bool Refunds);

/// <summary>One seeded run of several instances against one table, and what it showed.</summary>
internal sealed class Schedule
{
    private static readonly Principal Caller = new()
    {
        Id = PrincipalId.TryParse("sim", out var id) ? id : default,
        CredentialKind = CredentialKind.ApiKey,
        CredentialId = "k",
        Roles = Roles.Infer,
        Models = ["*"],
    };

    private readonly SimWorld _world;
    private readonly SimTable _table = new();
    private readonly ScheduleShape _shape;
    private readonly QuotaOptions _options;
    private readonly PlanCatalog _plans;
    private readonly List<SimInstance> _instances = [];
    private readonly Dictionary<(string Policy, DateTime Window), long> _admitted = [];
    private readonly Dictionary<(string Policy, DateTime Window), long> _firstRefusal = [];
    private readonly List<(long Asked, long At)> _granted = [];
    private readonly List<string> _faults = [];
    private readonly int _seed;
    private readonly bool _units;
    private int _answered;

    private Schedule(int seed, ScheduleShape shape)
    {
        _seed = seed;
        _shape = shape;
        _world = new SimWorld(seed);
        var random = _world.Random;
        _units = random.Next(4) == 0;
        var plan = new PlanOptions
        {
            Policies = { ["minute"] = new PolicyOptions { Window = PolicyWindow.Minute, Amount = random.Next(1, 400) } },
        };
        if (random.Next(3) == 0)
        {
            plan.Policies["day"] = new PolicyOptions { Window = PolicyWindow.Day, Amount = random.Next(50, 800) };
        }

        if (_units)
        {
            plan.Policies["units"] = new PolicyOptions { Window = PolicyWindow.Hour, Unit = QuotaUnit.InputUnits, Amount = random.Next(100, 4_000) };
        }

        _options = new QuotaOptions { Plans = { ["standard"] = plan } };
        _plans = new PlanCatalog(_options);
    }

    public int Requests { get; private set; }

    public int Admitted { get; private set; }

    public int Unavailable { get; private set; }

    public int StoreCalls => _instances.Sum(instance => instance.Store.Calls);

    /// <summary>Runs a schedule; the result's <see cref="Problems"/> are empty if everything held.</summary>
    public static Schedule Run(int seed, ScheduleShape shape)
    {
        var schedule = new Schedule(seed, shape);
        schedule.Run();
        return schedule;
    }

    public IReadOnlyList<string> Problems => _faults;

    private void Run()
    {
        var random = _world.Random;
        var start = _world.Now;
        var end = start + (random.Next(25, 75) * TimeSpan.TicksPerSecond);
        var count = random.Next(1, 6);
        var faults = !_shape.Faults ? SimFaults.None : new SimFaults(Rate(), Rate(), Rate(), Rate());
        for (var i = 0; i < count; i++)
        {
            var instance = new SimInstance(_world, _table, _options, _plans, faults, $"i{i}");
            _instances.Add(instance);
            PlanDemand(instance, start, end);
            PlanTrouble(instance, start, end);
        }

        // Bursts near the minute's end are over by then as well.
        _world.RunUntil(Math.Max(end, start + (50 * TimeSpan.TicksPerSecond)) + (10 * TimeSpan.TicksPerSecond));
        CheckRows();
        if (!_shape.Crashes && _answered != Requests)
        {
            Fault($"{Requests - _answered} of {Requests} requests have no answer");
        }

        if (_shape is { Faults: false, Crashes: false, Refunds: false } && _plans.Find(null)!.Counted.Length == 1)
        {
            CheckDemandIsServed();
        }

        double Rate() => random.Next(3) == 0 ? 0 : random.NextDouble() * 0.12;
    }

    private void PlanDemand(SimInstance instance, long start, long end)
    {
        var random = _world.Random;
        for (var burst = random.Next(1, 5); burst > 0; burst--)
        {
            // Half of the bursts are near the minute's end, where windows meet.
            var at = random.Next(2) == 0
                ? start + (long)((end - start) * random.NextDouble())
                : start + TimeSpan.FromSeconds(38 + (4 * random.NextDouble())).Ticks;
            var gap = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 0 : random.NextDouble() * 60);
            for (var n = random.Next(1, 90); n > 0; n--)
            {
                _world.At(at, () => instance.Context.Run(() => _ = AskAsync(instance)));
                at += (long)(gap.Ticks * random.NextDouble() * 2);
            }
        }
    }

    private void PlanTrouble(SimInstance instance, long start, long end)
    {
        var random = _world.Random;
        long Sometime() => start + (long)((end - start) * random.NextDouble());
        if (_shape.Crashes && random.Next(3) == 0)
        {
            _world.At(Sometime(), instance.Crash);
        }
        else if (random.Next(4) == 0)
        {
            _world.At(Sometime(), instance.Stop);
        }

        if (_shape.Faults && random.Next(4) == 0)
        {
            var from = Sometime();
            _world.At(from, () => instance.Store.IsAway = true);
            _world.At(from + TimeSpan.FromSeconds(random.Next(1, 30)).Ticks, () => instance.Store.IsAway = false);
        }
    }

    private async Task AskAsync(SimInstance instance)
    {
        if (instance.IsStopped)
        {
            return;
        }

        Requests++;
        var asked = _world.Now;
        var admission = await instance.Quotas.AdmitAsync(Caller, null, CancellationToken.None);
        _answered += admission.IsAdmitted ? 0 : 1;
        if (admission.Refusal is { } refusal)
        {
            Refused(refusal);
            return;
        }

        var holds = new List<(string Policy, DateTime Window, long Units)>();
        Count(QuotaUnit.Requests, 1, holds);
        _granted.Add((asked, _world.Now));
        var units = _units ? _world.Random.Next(1, 120) : 0;
        var ran = !_shape.Refunds || _world.Random.Next(4) > 0;
        if (units > 0)
        {
            if (await admission.Lease.ReserveInputUnitsAsync(units, CancellationToken.None) is { } tooMuch)
            {
                ran = false;
                Refused(tooMuch);
            }
            else
            {
                Count(QuotaUnit.InputUnits, units, holds);
            }
        }

        await Task.Delay(TimeSpan.FromMilliseconds(_world.Random.Next(1, 400)), instance.Time);
        if (!ran)
        {
            // The truth gives units back when the ledger may: before it does.
            holds.ForEach(hold => _admitted[(hold.Policy, hold.Window)] -= hold.Units);
        }
        else
        {
            Admitted++;
        }

        admission.Lease.Complete(ran);
        _answered++;
    }

    private void Count(QuotaUnit unit, long units, List<(string Policy, DateTime Window, long Units)> holds)
    {
        foreach (var policy in _plans.Find(null)!.Counted.Where(policy => policy.Unit == unit))
        {
            var window = Window.At(policy.Window, _world.Now).Start;
            var admitted = _admitted[(policy.Name, window)] = _admitted.GetValueOrDefault((policy.Name, window)) + units;
            holds.Add((policy.Name, window, units));
            if (admitted > policy.Amount)
            {
                Fault($"{policy.Name} admitted {admitted} of {policy.Amount} in {window:HH:mm}");
            }
        }
    }

    private void Refused(Refusal refusal)
    {
        if (refusal.Code == RefusalCode.DependencyUnavailable)
        {
            Unavailable++;
            if (!_shape.Faults)
            {
                Fault("503 without any fault");
            }

            return;
        }

        var policy = _plans.Find(null)!.Counted.Single(policy => policy.Name == refusal.Policy);
        var window = Window.At(policy.Window, _world.Now).Start;
        if (policy.Unit == QuotaUnit.Requests)
        {
            _firstRefusal.TryAdd((policy.Name, window), _world.Now);
        }
    }

    /// <summary>With demand, 99 % of the amount goes to requests that asked before anybody was refused.</summary>
    private void CheckDemandIsServed()
    {
        foreach (var ((name, window), refusedAt) in _firstRefusal)
        {
            var policy = _plans.Find(null)!.Counted.Single(policy => policy.Name == name);
            var admitted = _granted.Count(grant => grant.Asked <= refusedAt && Window.At(policy.Window, grant.At).Start == window);
            if (admitted < policy.Amount - (policy.Amount / 100))
            {
                Fault($"{name} refused at {admitted} of {policy.Amount} in {window:HH:mm}");
            }
        }
    }

    private void CheckRows()
    {
        foreach (var row in _table.Rows)
        {
            if (row.Returned > row.Granted || row.Granted - row.Returned > row.Limit)
            {
                Fault($"a counter holds {row.Granted} granted, {row.Returned} returned of {row.Limit}");
            }
        }
    }

    private void Fault(string what) => _faults.Add($"seed {_seed}: {what}");
}
