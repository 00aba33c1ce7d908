using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Tests.Monitoring.Simulation;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

public sealed class ExtractionGuardTests
{
    [Fact]
    public void Answers_lose_by_the_steps_and_never_win_back_while_asking_goes_on()
    {
        var budgets = new Budgets();

        var answers = Enumerable.Range(0, 150).Select(_ => budgets.Ask()).ToList();

        // A cheap answer may still fit where a dear one did not.
        var served = answers.Where(answer => answer.Refusal is null).Select(answer => answer.Step).ToList();
        served.ShouldBe(served.Order());
        answers.Select(answer => answer.Step).Distinct().ShouldBe([-1, 0, 1, 2, 3]);
        answers.Where(answer => answer.Step == -1).ShouldAllBe(answer => answer.Policy.Decimals == 4 && answer.Policy.TopK == null);
        answers.Where(answer => answer.Step == 0).ShouldAllBe(answer => answer.Policy.Decimals == 2 && answer.Policy.TopK == null);
        answers.Where(answer => answer.Step == 1).ShouldAllBe(answer => answer.Policy.Decimals == 2 && answer.Policy.TopK == 1);
        answers.Where(answer => answer.Step == 2).ShouldAllBe(answer => answer.Policy.Decimals == 0 && answer.Policy.TopK == 1);
        answers.ShouldAllBe(answer => (answer.Step == 3) == (answer.Refusal != null));
        answers[^1].Refusal!.Code.ShouldBe(RefusalCode.InformationBudgetSpent);
        budgets.Spent().ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_new_input_counts_once_on_average_and_a_repeated_one_a_quarter()
    {
        var budgets = new Budgets();
        var model = Budgets.Model(answers: 1_000_000);

        Enumerable.Range(0, 2_000).ToList().ForEach(_ => budgets.Ask(model));
        var fresh = budgets.Spent(model);
        Enumerable.Range(0, 2_001).ToList().ForEach(_ => budgets.Ask(model, sketch: 0x7777_0000_0000_0001));
        var repeated = budgets.Spent(model) - fresh;

        (fresh * 1_000_000 / 2_000).ShouldBeInRange(0.9, 1.1);
        (repeated * 1_000_000 / 2_000).ShouldBeInRange(0.24, 0.26);
    }

    [Fact]
    public void An_answer_at_the_boundary_counts_four_times_even_where_its_input_was_seen()
    {
        var budgets = new Budgets();

        budgets.Ask(isEdge: true, sketch: 99);
        budgets.Ask(isEdge: true, sketch: 99);

        budgets.Spent().ShouldBe(0.08, 1e-9);
    }

    [Fact]
    public void Crossing_a_boundary_between_similar_inputs_counts_as_being_there()
    {
        var (same, crossing) = (new Budgets(), new Budgets());
        for (var i = 0; i < 10; i++)
        {
            same.Ask(sketch: 99);
            crossing.Ask(sketch: 99, label: i % 2);
        }

        crossing.Spent().ShouldBeGreaterThan(8 * same.Spent());
    }

    [Fact]
    public void Inputs_of_a_refused_request_are_no_cheaper_afterwards()
    {
        var (honest, probing) = (new Budgets(), new Budgets());
        var model = Budgets.Model(answers: 400);

        probing.Ask(model, count: 500, sketch: 1).Refusal.ShouldNotBeNull();
        for (var i = 0UL; i < 100; i++)
        {
            honest.Ask(model, sketch: 1 + (i << 48));
            probing.Ask(model, sketch: 1 + (i << 48));
        }

        probing.Spent(model).ShouldBe(honest.Spent(model), 1e-9);
    }

    [Fact]
    public void A_request_that_does_not_fit_is_refused_whole_and_costs_nothing()
    {
        var budgets = new Budgets();

        var huge = budgets.Ask(count: 500);
        var small = budgets.Ask();

        huge.Refusal!.Code.ShouldBe(RefusalCode.InformationBudgetSpent);
        huge.Refusal.RetryAfter.ShouldBeNull();
        small.Step.ShouldBe(-1);
        budgets.Spent().ShouldBeLessThan(0.02);
    }

    [Fact]
    public void A_large_request_gets_the_step_at_which_its_last_answer_would_be() =>
        new Budgets().Ask(count: 60).Step.ShouldBe(1);

    [Fact]
    public void Principals_and_models_have_budgets_of_their_own_and_versions_share_one()
    {
        var budgets = new Budgets();
        Enumerable.Range(0, 200).ToList().ForEach(_ => budgets.Ask());

        budgets.Ask(principal: Caller.PrincipalOf("other")).Step.ShouldBe(-1);
        budgets.Ask(Budgets.Model("n")).Step.ShouldBe(-1);
        budgets.Ask(Budgets.Model() with { Version = 2 }).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void What_is_spent_comes_back_steadily_and_the_wait_is_told_in_hours()
    {
        var budgets = new Budgets();
        Reduction last;
        do
        {
            last = budgets.Ask();
        }
        while (last.Refusal is null);

        var wait = last.Refusal.RetryAfter!.Value;
        wait.Ticks.ShouldBe(TimeSpan.FromHours(Math.Round(wait.TotalHours)).Ticks);
        wait.ShouldBeInRange(TimeSpan.FromHours(1), TimeSpan.FromHours(10));
        budgets.Time.Advance(wait);
        budgets.Ask().Refusal.ShouldBeNull();
        budgets.Time.Advance(TimeSpan.FromHours(50));
        budgets.Spent().ShouldBeInRange(0.4, 0.5);
        budgets.Time.Advance(TimeSpan.FromHours(50));
        budgets.Spent().ShouldBe(0);
        budgets.Ask().Step.ShouldBe(-1);
    }

    [Fact]
    public void A_clock_that_goes_back_gives_nothing_back()
    {
        var budgets = new Budgets();
        budgets.Ask(count: 20);
        var spent = budgets.Spent();

        budgets.Time.Set(budgets.Time.GetUtcNow() - TimeSpan.FromDays(30));
        budgets.Ask(sketch: 5);

        budgets.Spent().ShouldBeGreaterThan(spent);
    }

    [Fact]
    public void A_clock_that_goes_back_forgets_no_input()
    {
        var (still, back) = (new Budgets(), new Budgets());
        still.Ask(sketch: 5);
        back.Ask(sketch: 5);

        back.Time.Set(back.Time.GetUtcNow() - TimeSpan.FromDays(30));
        still.Ask(sketch: 5);
        back.Ask(sketch: 5);

        back.Spent().ShouldBe(still.Spent(), 1e-9);
    }

    [Fact]
    public void Nothing_runs_for_a_caller_whose_budget_is_spent()
    {
        var budgets = new Budgets();
        budgets.Guard.CheckSpent(Budgets.Caller.Id, Budgets.Model()).ShouldBeNull();
        Enumerable.Range(0, 400).ToList().ForEach(_ => budgets.Ask(sketch: 99));

        budgets.Guard.CheckSpent(Budgets.Caller.Id, Budgets.Model())!.Code.ShouldBe(RefusalCode.InformationBudgetSpent);
        budgets.Guard.CheckSpent(Caller.PrincipalOf("other").Id, Budgets.Model()).ShouldBeNull();
        budgets.Guard.CheckSpent(Budgets.Caller.Id, Budgets.Model() with { Output = new OutputPolicy() }).ShouldBeNull();
        budgets.Guard.CheckSpent(Budgets.Caller.Id, Budgets.Model(steps: new ExtractionStep { At = 0.5, Decimals = 0 })).ShouldBeNull();
    }

    [Fact]
    public void A_policy_that_never_refuses_answers_at_its_last_step_for_ever()
    {
        var budgets = new Budgets();
        var model = Budgets.Model(steps: new ExtractionStep { At = 0.5, Decimals = 0 });

        var answers = Enumerable.Range(0, 500).Select(_ => budgets.Ask(model)).ToList();

        answers.ShouldAllBe(answer => answer.Refusal == null);
        answers[^1].Step.ShouldBe(0);
    }

    [Fact]
    public void Until_saved_budgets_are_known_everybody_is_at_the_first_step()
    {
        var budgets = new Budgets(isKnown: false);

        budgets.Ask().Step.ShouldBe(0);
        budgets.Ask(Budgets.Model("strict", steps: new ExtractionStep { At = 1, Refuse = true })).Refusal!.Code.ShouldBe(RefusalCode.DependencyUnavailable);
        budgets.Guard.MarkKnown();
        budgets.Ask().Step.ShouldBe(-1);
    }

    [Fact]
    public void A_crowd_of_principals_takes_no_more_memory_and_forgives_nobody()
    {
        var budgets = new Budgets();
        var model = Budgets.Model(answers: 1_000);
        Enumerable.Range(0, 100).ToList().ForEach(_ => budgets.Ask(model));
        var before = budgets.Spent(model);

        for (var i = 0; i < 20_000; i++)
        {
            budgets.Ask(model, Caller.PrincipalOf($"crowd-{i}"));
        }

        budgets.Guard.Table.Capacity.ShouldBe(1_024);
        budgets.Ask(model);
        budgets.Spent(model).ShouldBeGreaterThanOrEqualTo(Math.Min(before, 0.01));
        Enumerable.Range(0, 1_024).Count(i => budgets.Guard.Table[i].Key != 0).ShouldBe(1_024);
        Enumerable.Range(0, 1_024).Average(i => budgets.Guard.Table[i].Spent).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void A_budget_is_152_bytes_as_the_settings_say() => BudgetTable.BytesEach.ShouldBe(152);

    [Fact]
    public void A_step_is_told_of_when_it_is_reached_and_once_a_day_while_it_lasts()
    {
        var budgets = new Budgets();
        Enumerable.Range(0, 200).ToList().ForEach(_ => budgets.Ask());

        var told = new List<Anomaly>();
        Drain();
        told.Select(anomaly => anomaly.Limit).ShouldBe([0.25, 0.5, 0.75, 1]);
        told.ShouldAllBe(anomaly => anomaly.Signal == Signal.Budget && anomaly.Principal == "who" && anomaly.Model == "m");

        budgets.Time.Advance(TimeSpan.FromHours(25));
        budgets.Ask(count: 20);
        budgets.Ask(count: 3);
        Drain();
        told.Count.ShouldBe(5);

        void Drain()
        {
            while (budgets.Monitor.Pending.TryRead(out var raised))
            {
                told.Add(raised.Anomaly);
            }
        }
    }

    [Fact]
    public void Charging_allocates_nothing()
    {
        var budgets = new Budgets();
        var model = Budgets.Model(answers: 1e9);
        budgets.Ask(model);

        // The answer's policy is the manifest's own.
        Allocation.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                budgets.Ask(model);
            }
        }).ShouldBeLessThan(1_000);
    }
}
