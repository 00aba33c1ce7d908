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

    private PlanLowering Lowering() => new(_plans, _store, _options, _time, NullLogger.Instance);

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
