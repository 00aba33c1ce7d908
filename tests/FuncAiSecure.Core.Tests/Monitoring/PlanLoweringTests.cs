using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Behaviour.Acting;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Monitoring;

/// <summary>Plans that a signal lowers for a while.</summary>
public sealed class PlanLoweringTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Principal Who = Caller.PrincipalOf("who");

    private readonly ManualTimeProvider _time = new();
    private readonly Plans _plans = new();
    private readonly MemoryStore _store = new();
    private readonly List<AuditRecord> _records = [];
    private readonly BehaviourOptions _options = new() { LowerPlan = "slow", LowerPlanFor = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_lowered_plan_comes_back_when_its_time_has_come_and_not_before()
    {
        await Lowering().LowerAsync(Who, None);
        _plans.Set.ShouldBe("slow");

        _time.Advance(TimeSpan.FromMinutes(59));
        await Lowering().RestoreAsync(None);
        _plans.Set.ShouldBe("slow");
        _time.Advance(TimeSpan.FromMinutes(1));
        await Lowering().RestoreAsync(None);

        _plans.Set.ShouldBe("");
        _store.Lowered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_signal_keeps_it_lowered_for_longer()
    {
        await Lowering().LowerAsync(Who, None);
        _time.Advance(TimeSpan.FromMinutes(30));
        await Lowering().LowerAsync(Who, None);
        _time.Advance(TimeSpan.FromMinutes(40));

        await Lowering().RestoreAsync(None);

        _plans.Set.ShouldBe("slow");
    }

    [Theory]
    [InlineData("gold")]
    [InlineData("slow")]
    public async Task An_operators_plan_is_left_alone(string plan)
    {
        _plans.Set = plan;

        await Lowering().LowerAsync(Who, None);

        _plans.Set.ShouldBe(plan);
        _store.Lowered.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operators_plan_set_meanwhile_stays()
    {
        await Lowering().LowerAsync(Who, None);
        _plans.Set = "gold";
        _time.Advance(TimeSpan.FromHours(2));

        await Lowering().RestoreAsync(None);

        _plans.Set.ShouldBe("gold");
        _store.Lowered.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_noted_is_not_lowered_and_what_cannot_be_given_back_stays_noted()
    {
        _store.IsAway = true;
        await Lowering().LowerAsync(Who, None);
        _plans.Set.ShouldBe("");

        _store.IsAway = false;
        await Lowering().LowerAsync(Who, None);
        _time.Advance(TimeSpan.FromHours(2));
        _plans.IsAway = true;
        await Lowering().RestoreAsync(None);
        _store.Lowered.Count.ShouldBe(1);

        _plans.IsAway = false;
        await Lowering().RestoreAsync(None);
        _plans.Set.ShouldBe("");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_cannot_be_lowered_is_lowered_and_recorded_by_a_later_round(bool isStoreAway, bool arePlansAway)
    {
        var lowering = Lowering();
        (_store.IsAway, _plans.IsAway) = (isStoreAway, arePlansAway);
        await lowering.LowerAsync(Who, None);
        await lowering.LowerAsync(Who, None);
        await lowering.RetryAsync(None);
        (_plans.Set, _records.Count).ShouldBe(("", 0));

        (_store.IsAway, _plans.IsAway) = (false, false);
        _time.Advance(TimeSpan.FromHours(3));
        await lowering.RetryAsync(None);
        _plans.Set = "gold";
        await lowering.RetryAsync(None);

        _store.Lowered[Who.Id.Value].Until.ShouldBe(_time.GetUtcNow() + _options.LowerPlanFor);
        _plans.Set.ShouldBe("gold");
        var record = _records.ShouldHaveSingleItem();
        (record.Action, record.Outcome, record.Principal, record.Subject).ShouldBe(("Behaviour", "PlanLowered", Who, "plan slow"));
    }

    [Fact]
    public async Task What_is_not_known_to_be_ours_is_kept_lowered_by_a_later_round()
    {
        var lowering = Lowering();
        await lowering.LowerAsync(Who, None);
        _store.IsAway = true;
        _time.Advance(TimeSpan.FromMinutes(30));
        await lowering.LowerAsync(Who, None);

        _store.IsAway = false;
        await lowering.RetryAsync(None);

        _store.Lowered[Who.Id.Value].Until.ShouldBe(_time.GetUtcNow() + _options.LowerPlanFor);
    }

    [Fact]
    public async Task An_operators_plan_set_before_a_later_round_is_left_alone()
    {
        var lowering = Lowering();
        _store.IsAway = true;
        await lowering.LowerAsync(Who, None);

        (_store.IsAway, _plans.Set) = (false, "gold");
        await lowering.RetryAsync(None);
        _plans.Set = "";
        await lowering.RetryAsync(None);

        _plans.Set.ShouldBe("");
    }

    [Fact]
    public async Task A_credential_whose_own_plan_is_lower_keeps_it()
    {
        var trial = new Principal
        {
            Id = Who.Id,
            CredentialKind = Who.CredentialKind,
            CredentialId = Who.CredentialId,
            Roles = Who.Roles,
            Models = Who.Models,
            Plan = "trial",
        };

        await Lowering().LowerAsync(trial, None);

        _plans.Set.ShouldBe("");
        _store.Lowered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_configured_plan_nothing_is_lowered()
    {
        _options.LowerPlan = null;

        await Lowering().LowerAsync(Who, None);

        _plans.Set.ShouldBe("");
    }

    private bool Keep(AuditRecord record)
    {
        _records.Add(record);
        return true;
    }

    private PlanLowering Lowering() => new(_plans, _store, _options, Keep, _time, NullLogger.Instance);

    private sealed class Plans : IPlanControl
    {
        public string Set { get; set; } = "";

        public bool IsAway { get; set; }

        public ValueTask<string?> FindSetAsync(PrincipalId principal, CancellationToken ct) => new(IsAway ? null : Set);

        public bool GrantsMore(string plan, string? own) => (plan, own) == ("slow", "trial");

        public ValueTask<bool> SetAsync(PrincipalId principal, string? plan, CancellationToken ct)
        {
            Set = IsAway ? Set : plan ?? "";
            return new(!IsAway);
        }
    }
}
