using System.Runtime.CompilerServices;
using FuncAiSecure.Core.Guards.Extraction;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>Whose place a newcomer takes, and with what it starts.</summary>
public sealed class BudgetTableTests
{
    private const uint Start = 1_000;

    [Fact]
    public void Each_key_has_a_budget_of_its_own_while_there_is_room()
    {
        var table = Filled([0.8, 0.1, 0.7, 0.6, 0.5, 0.4, 0.3]);

        table.Of(99, Start).Spent.ShouldBe(0);

        Known(table).ShouldBe([1, 2, 3, 4, 5, 6, 7, 99], ignoreOrder: true);
        table.Of(2, Start).Spent.ShouldBe(0.1);
    }

    [Fact]
    public void Whoever_comes_new_to_a_full_set_goes_on_with_the_budget_that_was_spent_least()
    {
        var table = Filled([0.8, 0.9, 0.7, 0.2, 0.5, 0.6, 0.4, 0.3]);

        table.Of(99, Start).Spent.ShouldBe(0.2);

        Known(table).ShouldBe([1, 2, 3, 5, 6, 7, 8, 99], ignoreOrder: true);
    }

    [Fact]
    public void What_has_come_back_until_now_counts_in_whose_place_is_taken()
    {
        var table = Filled([0.8, 0.9, 0.7, 0.2, 0.5, 0.6, 0.4, 0.3]);
        table.Of(2, Start).Refill = 0.01;

        table.Of(99, Start + 85).Spent.ShouldBe(0.05, 1e-9);

        Known(table).ShouldBe([1, 3, 4, 5, 6, 7, 8, 99], ignoreOrder: true);
    }

    [Fact]
    public void A_stream_of_new_keys_forgives_nothing()
    {
        var table = Filled([0.8, 0.9, 0.7, 0.6, 0.75, 0.65, 0.85, 0.95]);

        for (var key = 100ul; key < 200; key++)
        {
            ref var budget = ref table.Of(key, Start);
            budget.Spent.ShouldBeGreaterThanOrEqualTo(0.6);
            budget.Spent += 0.01;
        }
    }

    private static BudgetTable Filled(double[] spent)
    {
        var table = new BudgetTable(8);
        for (var i = 0; i < spent.Length; i++)
        {
            table.Of((ulong)i + 1, Start).Spent = spent[i];
        }

        return table;
    }

    private static List<int> Known(BudgetTable table) => [.. Enumerable.Range(1, 99).Where(key => !Unsafe.IsNullRef(ref table.Find((ulong)key)))];
}
