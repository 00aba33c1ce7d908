using FuncAiSecure.Core.Quotas.Ledger;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>What the ledger relies on; the simulated table and the table service must both hold it.</summary>
public abstract class QuotaStoreContract
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTime End = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    private protected abstract IQuotaStore Store { get; }

    [Fact]
    public async Task A_row_that_is_not_there_is_missing()
    {
        (await Store.ReadAsync(Address(), None)).Outcome.ShouldBe(StoreOutcome.Missing);
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var address = Address();
        var row = Row().Grant("a", 3, 4_000_000_000_000, 17, 99, 5_000_000_000_000).Grant("b", 1, 7, 7, 100, 8).TakeBack("a", 4, 5, 0, 101);

        var write = await Store.InsertAsync(address, row, None);

        var read = await Store.ReadAsync(address, None);
        read.Outcome.ShouldBe(StoreOutcome.Done);
        read.ETag.ShouldBe(write.ETag);
        (read.Row! with { Entries = [] }).ShouldBe(row with { Entries = [] });
        read.Row.Entries.ShouldBe(row.Entries);
    }

    [Fact]
    public async Task A_second_insert_conflicts_and_changes_nothing()
    {
        var address = Address();
        await Store.InsertAsync(address, Row(), None);

        (await Store.InsertAsync(address, Row().Grant("a", 1, 5, 0, 0, 9), None)).Outcome.ShouldBe(StoreOutcome.Conflict);

        (await Store.ReadAsync(address, None)).Row!.Granted.ShouldBe(0);
    }

    [Fact]
    public async Task A_replace_with_an_old_ETag_conflicts_and_changes_nothing()
    {
        var address = Address();
        var first = (await Store.InsertAsync(address, Row(), None)).ETag!;
        var second = (await Store.ReplaceAsync(address, Row().Grant("a", 1, 5, 0, 0, 9), first, None)).ETag;

        (await Store.ReplaceAsync(address, Row().Grant("a", 1, 8, 0, 0, 9), first, None)).Outcome.ShouldBe(StoreOutcome.Conflict);

        second.ShouldNotBe(first);
        (await Store.ReadAsync(address, None)).Row!.Granted.ShouldBe(5);
    }

    [Fact]
    public async Task A_write_of_the_same_row_still_changes_its_ETag()
    {
        var address = Address();
        var first = (await Store.InsertAsync(address, Row(), None)).ETag!;

        (await Store.ReplaceAsync(address, Row(), first, None)).ETag.ShouldNotBe(first);
    }

    [Fact]
    public async Task A_replace_of_a_row_that_is_gone_conflicts()
    {
        var address = Address();
        var etag = (await Store.InsertAsync(address, Row(), None)).ETag!;
        await Store.SweepAsync(End.AddYears(1), None);

        (await Store.ReplaceAsync(address, Row(), etag, None)).Outcome.ShouldBe(StoreOutcome.Conflict);
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins()
    {
        var address = Address();
        var etag = (await Store.InsertAsync(address, Row(), None)).ETag!;

        var writes = await Task.WhenAll(Enumerable.Range(1, 8)
            .Select(n => Store.ReplaceAsync(address, Row().Grant("w", n, n, 0, 0, 100), etag, None).AsTask()));

        writes.Count(write => write.Outcome == StoreOutcome.Done).ShouldBe(1);
        writes.Count(write => write.Outcome == StoreOutcome.Conflict).ShouldBe(7);
    }

    [Fact]
    public async Task A_plan_is_missing_until_set_and_again_after_it_was_removed()
    {
        var address = Address();

        (await Store.ReadPlanAsync(address, None)).Outcome.ShouldBe(StoreOutcome.Missing);
        (await Store.WritePlanAsync(address, "gold", None)).ShouldBe(StoreOutcome.Done);
        (await Store.WritePlanAsync(address, "basic", None)).ShouldBe(StoreOutcome.Done);
        (await Store.ReadPlanAsync(address, None)).ShouldBe(new StorePlan(StoreOutcome.Done, "basic"));
        (await Store.WritePlanAsync(address, null, None)).ShouldBe(StoreOutcome.Done);
        (await Store.WritePlanAsync(address, null, None)).ShouldBe(StoreOutcome.Done);
        (await Store.ReadPlanAsync(address, None)).Outcome.ShouldBe(StoreOutcome.Missing);
    }

    [Fact]
    public async Task A_sweep_deletes_what_ended_before_and_nothing_else()
    {
        RowAddress old = Address(), edge = Address(), plan = Address();
        await Store.InsertAsync(old, Row() with { EndsAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc) }, None);
        await Store.InsertAsync(edge, Row() with { EndsAt = new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc) }, None);
        await Store.WritePlanAsync(plan, "gold", None);

        (await Store.SweepAsync(new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc), None)).ShouldBe(1);

        (await Store.ReadAsync(old, None)).Outcome.ShouldBe(StoreOutcome.Missing);
        (await Store.ReadAsync(edge, None)).Outcome.ShouldBe(StoreOutcome.Done);
        (await Store.ReadPlanAsync(plan, None)).Plan.ShouldBe("gold");
        await Store.SweepAsync(new DateTime(2020, 1, 3, 0, 0, 0, DateTimeKind.Utc), None);
    }

    private protected static RowAddress Address() => new($"{Guid.NewGuid():N}!a=2Fb:c@d!minute", "mr20261122T1200");

    private protected static WindowRow Row() => new() { EndsAt = End };
}
