using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>Budgets over restarts, outages and instances.</summary>
public sealed class BudgetUpkeepTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryBudgets _store;

    public BudgetUpkeepTests() => _store = new MemoryBudgets(_time);

    [Fact]
    public async Task A_restart_forgives_nothing_and_what_came_back_meanwhile_is_back()
    {
        var before = new Budgets(_time);
        before.Ask(count: 60);
        var spent = before.Spent();
        using (var upkeep = Upkeep(before))
        {
            await upkeep.SaveAsync(None);
        }

        _time.Advance(TimeSpan.FromHours(10));
        var after = new Budgets(_time, isKnown: false);
        using var next = Upkeep(after);
        await next.RunOnceAsync(None);

        after.Spent().ShouldBe(spent - 0.1, 1e-9);
        after.Ask().Step.ShouldBe(1);
    }

    [Fact]
    public async Task Instances_learn_what_the_others_have_served()
    {
        var (one, two) = (new Budgets(_time), new Budgets(_time));
        one.Ask(count: 30);
        two.Ask(count: 40);
        using var first = Upkeep(one);
        using var second = Upkeep(two);

        await first.RunOnceAsync(None);
        await second.RunOnceAsync(None);
        one.Ask();
        await first.RunOnceAsync(None);

        two.Spent().ShouldBe(one.Spent(), 0.02);
        one.Spent().ShouldBeGreaterThan(0.65);
        one.Ask().Step.ShouldBe(1);
    }

    [Fact]
    public async Task Saving_twice_adds_once()
    {
        var budgets = new Budgets(_time);
        budgets.Ask(count: 30);
        var spent = budgets.Spent();
        using var upkeep = Upkeep(budgets);

        await upkeep.RunOnceAsync(None);
        await upkeep.RunOnceAsync(None);
        await upkeep.SaveAsync(None);

        budgets.Spent().ShouldBe(spent, 1e-9);
    }

    [Fact]
    public async Task While_the_table_is_away_the_first_step_holds_and_nothing_is_lost()
    {
        _store.IsAway = true;
        var budgets = new Budgets(_time, isKnown: false);
        using var upkeep = Upkeep(budgets);
        await upkeep.RunOnceAsync(None);
        budgets.Ask(count: 10).Step.ShouldBe(0);
        var spent = budgets.Spent();

        _store.IsAway = false;
        await upkeep.RunOnceAsync(None);

        budgets.Ask(sketch: 1).Step.ShouldBe(-1);
        _store.Count.ShouldBe(1);
        budgets.Spent().ShouldBeGreaterThan(spent);
    }

    [Fact]
    public async Task A_budget_of_another_principal_stays_its_own_over_a_restart()
    {
        var before = new Budgets(_time);
        before.Ask(count: 60);
        using var upkeep = Upkeep(before);
        await upkeep.SaveAsync(None);

        var after = new Budgets(_time, isKnown: false);
        using var next = Upkeep(after);
        await next.RunOnceAsync(None);

        after.Ask(principal: Caller.PrincipalOf("other")).Step.ShouldBe(-1);
        after.Ask(Budgets.Model("n")).Step.ShouldBe(-1);
    }

    [Fact]
    public async Task An_operators_new_beginning_reaches_an_instance_that_refuses()
    {
        var budgets = new Budgets(_time);
        for (var i = 0; i < 120; i++)
        {
            budgets.Ask();
        }

        using var upkeep = Upkeep(budgets);
        await upkeep.SaveAsync(None);
        await _store.ResetAsync(ExtractionGuard.KeyOf(Budgets.Caller.Id, "m"), None);
        budgets.Ask(count: 5).Refusal.ShouldNotBeNull();

        await upkeep.SaveAsync(None);
        budgets.Ask().Step.ShouldBe(-1);
        budgets.Ask(count: 30).Step.ShouldBe(0);
        await upkeep.SaveAsync(None);
        await upkeep.RunOnceAsync(None);

        budgets.Spent().ShouldBeInRange(0.25, 0.4);
    }

    private BudgetUpkeep Upkeep(Budgets budgets) => new(budgets.Guard, _store, new ExtractionOptions(), _time, NullLogger.Instance);
}
