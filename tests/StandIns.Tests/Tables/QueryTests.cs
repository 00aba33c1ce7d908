using Azure;
using Azure.Data.Tables;

namespace StandIns.Tests.Tables;

[Collection(TableServiceTests.Name)]
public class QueryTests(TableServiceFixture fixture)
{
    [Fact]
    public async Task Pages_continue_until_every_entity_was_seen_once()
    {
        var table = await fixture.NewTableAsync();
        await FillAsync(table, 25);

        var sizes = new List<int>();
        var keys = new List<string>();
        string? continuation = null;
        do
        {
            // Each page by a fresh query: the continuation is all that a caller needs to keep.
            await using var pages = table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages(continuation).GetAsyncEnumerator();
            (await pages.MoveNextAsync()).ShouldBeTrue();
            sizes.Add(pages.Current.Values.Count);
            keys.AddRange(pages.Current.Values.Select(e => e.RowKey));
            continuation = pages.Current.ContinuationToken;
        }
        while (continuation is not null);

        sizes.ShouldBe([10, 10, 5]);
        keys.ShouldBe(Enumerable.Range(0, 25).Select(i => $"{i:d3}"));
    }

    [Fact]
    public async Task Enumeration_runs_over_pages_with_and_without_waiting()
    {
        var table = await fixture.NewTableAsync();
        await FillAsync(table, 25);

        var count = 0;
        await foreach (var entity in table.QueryAsync<TableEntity>(filter: "PartitionKey eq 'p'", maxPerPage: 7))
        {
            entity.ETag.ShouldNotBe(default);
            count++;
        }

        count.ShouldBe(25);
        table.Query<TableEntity>(maxPerPage: 7).Count().ShouldBe(25);
    }

    [Fact]
    public async Task Selection_brings_only_what_was_asked()
    {
        var table = await fixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2L });

        var entity = table.Query<TableEntity>(select: ["B"]).ShouldHaveSingleItem();

        entity.GetInt64("B").ShouldBe(2L);
        entity.ContainsKey("A").ShouldBeFalse();
    }

    [Fact]
    public async Task Lambda_finds_what_it_says()
    {
        var table = await fixture.NewTableAsync();
        await FillAsync(table, 10);
        var from = "003";

        var rows = table.Query<TableEntity>(e => e.PartitionKey == "p" && e.RowKey.CompareTo(from) >= 0 && e.GetInt32("N") < 6).Select(e => e.RowKey);

        rows.ShouldBe(["003", "004", "005"]);
    }

    [Theory]
    [InlineData("PartitionKey eq")]
    [InlineData("PartitionKey like 'x'")]
    public async Task Filter_that_is_none_is_a_failed_request(string filter)
    {
        var table = await fixture.NewTableAsync();

        Should.Throw<RequestFailedException>(() => table.Query<TableEntity>(filter).ToList()).Status.ShouldBeGreaterThanOrEqualTo(400);
    }

    [Fact]
    public async Task Tables_are_listed_by_name()
    {
        var table = await fixture.NewTableAsync();

        fixture.Service.Query(TableServiceClient.CreateQueryFilter($"TableName eq {table.Name}")).ShouldHaveSingleItem().Name.ShouldBe(table.Name);
        fixture.Service.Query(t => t.Name == table.Name).ShouldHaveSingleItem().Name.ShouldBe(table.Name);
        fixture.Service.Query(maxPerPage: 1).Select(t => t.Name).ShouldContain(table.Name);
    }

    private static async Task FillAsync(TableClient table, int count) =>
        await table.SubmitTransactionAsync(Enumerable.Range(0, count).Select(
            i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i:d3}") { ["N"] = i })));
}
