using Azure.Data.Tables;
using Azure.Identity;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Core.Tests.Storage;
using FuncAiSecure.Core.Tests.TestSupport;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Guards.Extraction;

/// <summary>The store on the Table service's protocol (Azurite), each test on a table of its own that is not there yet.</summary>
public sealed class TableBudgetStoreTests(Azurite azurite) : IClassFixture<Azurite>
{
    // A day ago; the service's clock says what has come back since.
    private static readonly uint At = Now - 86_400;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TableClient _table = new(azurite.Service.ConnectionString, "T" + Guid.NewGuid().ToString("N"));

    private static uint Now => (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private TableBudgetStore Store => StoreOn(_table);

    [Fact]
    public async Task Additions_of_instances_at_once_are_summed()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.AddAsync(new SavedBudget(0xAB00000000000001, 0.1, At, 1e-6), None).AsTask()));

        // Whoever lost the race too often adds again in its next round.
        var added = sums.Count(sum => sum is not null);
        added.ShouldBeGreaterThan(0);
        (await LoadAsync()).ShouldHaveSingleItem().Spent.ShouldBe(0.1 * added, 1e-9);
    }

    [Fact]
    public async Task What_was_spent_before_has_come_back_in_part()
    {
        await Store.AddAsync(new SavedBudget(1, 0.5, At, 1e-3), None);

        (await Store.AddAsync(new SavedBudget(1, 0.2, At + 100, 1e-3), None)).ShouldNotBeNull().Spent.ShouldBe(0.6, 1e-9);
    }

    [Fact]
    public async Task Budgets_that_have_refilled_are_deleted_and_rows_of_strangers_are_left_alone()
    {
        await Store.AddAsync(new SavedBudget(1, 0.1, At, 1e-5), None);
        await Store.AddAsync(new SavedBudget(2, 0.9, At, 1e-5), None);
        await _table.AddEntityAsync(new TableEntity("00", "not a key") { ["Spent"] = 1.0 });
        await _table.AddEntityAsync(new TableEntity("00", "0000000000000003") { ["Spent"] = double.NaN, ["At"] = 1L, ["Refill"] = 1.0 });

        (await LoadAsync()).ShouldHaveSingleItem().Key.ShouldBe(2ul);
        (await _table.GetEntityIfExistsAsync<TableEntity>("00", "0000000000000001")).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_beginning_is_counted_and_kept_for_a_day_and_asking_changes_nothing()
    {
        await Store.AddAsync(new SavedBudget(1, 0.9, At, 1e-6), None);

        (await Store.ResetAsync(1, None)).ShouldBeTrue();
        (await Store.ResetAsync(2, None)).ShouldBeTrue();
        await _table.AddEntityAsync(Row(3, At - 60, resets: 1));

        (await Store.AddAsync(new SavedBudget(1, 0, At, 1e-6), None)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            saved => saved.Spent.ShouldBe(0), saved => saved.Resets.ShouldBe(1), saved => saved.At.ShouldBeGreaterThan(At));
        (await LoadAsync()).Select(saved => (saved.Key, saved.Spent, saved.Resets)).ShouldBe([(1ul, 0, 1), (2ul, 0, 1)]);
    }

    [Fact]
    public async Task A_row_that_a_wrong_clock_has_dated_counts_from_now_on()
    {
        await _table.CreateAsync();
        await _table.AddEntityAsync(Row(1, Now + 31_536_000, spent: 0.5));

        (await LoadAsync()).ShouldHaveSingleItem().At.ShouldBeLessThan(Now + 86_400);
        await Store.AddAsync(new SavedBudget(1, 0.1, Now, 1e-9), None);

        ((TableEntity)await _table.GetEntityAsync<TableEntity>("00", "0000000000000001")).GetInt64("At")!.Value.ShouldBeLessThan(Now + 86_400);
    }

    private static TableEntity Row(ulong key, uint at, double spent = 0, int resets = 0) => new("00", key.ToString("x16"))
    {
        ["Spent"] = spent, ["At"] = (long)at, ["Refill"] = 1e-6, ["Resets"] = resets,
    };

    [Fact]
    public async Task A_table_that_is_away_is_not_an_exception()
    {
        await ShouldBeAwayAsync(new TableClient(AzuriteFixture.Nowhere, "t", new TableClientOptions { Retry = { MaxRetries = 0 } }));
    }

    [Fact]
    public async Task An_identity_that_cannot_be_proven_is_not_an_exception() =>
        await ShouldBeAwayAsync(FailingCredential.Table(new CredentialUnavailableException("No identity.")));

    [Fact]
    public async Task A_service_that_falls_silent_is_not_an_exception() => await ShouldBeAwayAsync(BusyThenSilentService.Table());

    private static async Task ShouldBeAwayAsync(TableClient table)
    {
        var away = StoreOn(table);

        (await away.LoadAsync(_ => { }, None)).ShouldBeFalse();
        (await away.AddAsync(new SavedBudget(1, 0.1, At, 1), None)).ShouldBeNull();
    }

    private static TableBudgetStore StoreOn(TableClient table) =>
        new(table, new StorageTime(TimeProvider.System, new ServiceClock(TimeProvider.System)), NullLogger.Instance);

    private async Task<List<SavedBudget>> LoadAsync()
    {
        var found = new List<SavedBudget>();
        (await Store.LoadAsync(found.Add, None)).ShouldBeTrue();
        return found;
    }
}
