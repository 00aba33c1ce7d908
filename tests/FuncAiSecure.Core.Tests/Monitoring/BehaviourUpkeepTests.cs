using System.Diagnostics.Metrics;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Acting;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>What happens beside requests: signals become records, profiles survive.</summary>
public sealed class BehaviourUpkeepTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryStore _store = new();
    private readonly BehaviourOptions _options = new() { MaxPrincipals = 1_024 };
    private readonly List<AuditRecord> _records = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    /// <inheritdoc />
    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_signal_is_a_record_and_a_row_even_while_one_of_them_fails()
    {
        var principal = Caller.PrincipalOf("who");
        var anomaly = new Anomaly(_time.GetUtcNow(), Signal.Probing, "who", "sentiment", 1, 14, 14);

        await Responder(accepts: false).RespondAsync(new Raised(anomaly, principal), None);
        _store.Anomalies.ShouldBe([anomaly]);
        _store.IsAway = true;
        await Responder(accepts: true).RespondAsync(new Raised(anomaly, principal), None);

        _records.Count.ShouldBe(2);
        _records.ShouldAllBe(record => record.Outcome == "Probing" && record.Action == "Behaviour" && record.Principal == principal);
    }

    [Fact]
    public async Task Profiles_are_saved_by_the_interval_and_taken_over_once_the_table_answers()
    {
        var first = Monitor();
        Observe(first);
        using var upkeep = Upkeep(first);
        await upkeep.RunOnceAsync(None);
        _store.States.ShouldBeEmpty();
        _time.Advance(_options.SaveInterval);
        await upkeep.RunOnceAsync(None);
        _store.States.Count.ShouldBe(2);

        var second = Monitor();
        using var next = Upkeep(second);
        _store.IsAway = true;
        await next.RunOnceAsync(None);
        second.TakeChanged().ShouldBeEmpty();
        _store.IsAway = false;
        await next.RunOnceAsync(None);

        _time.Advance(TimeSpan.FromMinutes(1));
        Observe(second);
        var state = second.TakeChanged().First(state => !state.IsModel);
        System.Runtime.InteropServices.MemoryMarshal.Read<Core.Monitoring.Behaviour.Watching.Profile>(state.Bytes).Requests.ShouldBe(2u);
    }

    [Fact]
    public async Task What_could_not_be_saved_is_saved_the_next_time()
    {
        var monitor = Monitor();
        Observe(monitor);
        using var upkeep = Upkeep(monitor);
        _store.IsAway = true;
        await upkeep.SaveAsync(None);
        _store.IsAway = false;

        await upkeep.SaveAsync(None);

        _store.States.Keys.ShouldContain(key => !key.Item2);
    }

    [Fact]
    public async Task A_process_that_never_read_the_saved_profiles_does_not_replace_them_at_its_end()
    {
        var monitor = Monitor();
        Observe(monitor);
        using var upkeep = Upkeep(monitor);
        _store.IsAway = true;
        await upkeep.RunOnceAsync(None);
        _store.IsAway = false;

        await upkeep.StoppedAsync(None);

        _store.States.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_saved_holds_no_sketch_of_an_input()
    {
        var monitor = Monitor();
        Observe(monitor);

        var saved = monitor.TakeChanged().Single(state => !state.IsModel);

        var profile = System.Runtime.InteropServices.MemoryMarshal.Read<Core.Monitoring.Behaviour.Watching.Profile>(saved.Bytes);
        for (var i = 0; i < 4; i++)
        {
            profile.Sketches[i].ShouldBe(0UL);
        }
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(90, 90)]
    public async Task Profiles_nobody_saved_for_long_are_swept_once_a_day_and_asked_for_again_where_that_failed(int keepDays, int life)
    {
        _options.KeepDays = keepDays;
        using var upkeep = Upkeep(Monitor());
        await upkeep.RunOnceAsync(None);
        for (var round = 0; round < 3; round++)
        {
            _store.IsAway = round == 0;
            _time.Advance(_options.SaveInterval);
            await upkeep.RunOnceAsync(None);
        }

        _store.ProfileSweeps.ShouldHaveSingleItem().ShouldBe(_time.GetUtcNow() - _options.SaveInterval - TimeSpan.FromDays(life));
        _time.Advance(TimeSpan.FromDays(1));
        await upkeep.RunOnceAsync(None);
        _store.ProfileSweeps.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_plan_that_could_not_be_lowered_is_tried_again_by_the_next_round()
    {
        _options.LowerPlan = "slow";
        var asked = 0;
        var lowering = new PlanLowering(new AwayPlans(() => asked++), _store, _options, record => Keep(record, accepts: true), _time, NullLogger.Instance);
        await lowering.LowerAsync(Caller.PrincipalOf("who"), None);
        using var upkeep = new BehaviourUpkeep(Monitor(), _store, Responder(accepts: true), lowering, _options, _time, NullLogger.Instance);

        await upkeep.RunOnceAsync(None);

        asked.ShouldBe(2);
    }

    private static void Observe(BehaviourMonitor monitor)
    {
        var (facts, item) = new Caller(CallerKind.Service, "who", new Chance(1)).Next();
        monitor.Observe(in facts, [item]);
    }

    private BehaviourMonitor Monitor() => new(_options, _time);

    private SignalResponder Responder(bool accepts) => new(_store, Lowering(), record => Keep(record, accepts), _services.GetRequiredService<IMeterFactory>(), NullLogger.Instance);

    private PlanLowering Lowering() => new(null!, _store, _options, record => Keep(record, accepts: true), _time, NullLogger.Instance);

    private BehaviourUpkeep Upkeep(BehaviourMonitor monitor) => new(monitor, _store, Responder(accepts: true), Lowering(), _options, _time, NullLogger.Instance);

    private bool Keep(AuditRecord record, bool accepts)
    {
        _records.Add(record);
        return accepts;
    }

    private sealed class AwayPlans(Action onAsked) : IPlanControl
    {
        public ValueTask<string?> FindSetAsync(PrincipalId principal, CancellationToken ct)
        {
            onAsked();
            return new((string?)null);
        }

        public bool GrantsMore(string plan, string? own) => false;

        public ValueTask<bool> SetAsync(PrincipalId principal, string? plan, CancellationToken ct) => new(false);
    }
}
