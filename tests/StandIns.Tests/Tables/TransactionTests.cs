using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using static Azure.Data.Tables.TableTransactionActionType;

namespace StandIns.Tests.Tables;

[Collection(TableServiceTests.Name)]
public class TransactionTests(TableServiceFixture fixture)
{
    [Fact]
    public async Task Every_kind_of_action_applies_and_answers_in_order()
    {
        var table = await fixture.NewTableAsync();
        foreach (var row in new[] { "merge", "replace", "delete", "upsert" })
        {
            await table.AddEntityAsync(new TableEntity("p", row) { ["A"] = 1 });
        }

        var answer = await table.SubmitTransactionAsync(
        [
            new(Add, new TableEntity("p", "add") { ["B"] = "größe\r\n--x" }),
            new(UpdateMerge, new TableEntity("p", "merge") { ["B"] = 2 }, ETag.All),
            new(UpdateReplace, new TableEntity("p", "replace") { ["B"] = 2 }, ETag.All),
            new(Delete, new TableEntity("p", "delete")),
            new(UpsertMerge, new TableEntity("p", "upsert") { ["B"] = 2 }),
            new(UpsertReplace, new TableEntity("p", "new") { ["B"] = 2 }),
        ]);

        answer.Value.Select(part => part.Status).ShouldBe([204, 204, 204, 204, 204, 204]);
        var stored = table.Query<TableEntity>().ToDictionary(e => e.RowKey);
        stored.Keys.ShouldBe(["add", "merge", "new", "replace", "upsert"], ignoreOrder: true);
        stored["add"].GetString("B").ShouldBe("größe\r\n--x");
        answer.Value[0].Headers.ETag.ShouldBe(stored["add"].ETag);
        (stored["merge"].GetInt32("A"), stored["replace"].GetInt32("A"), stored["upsert"].GetInt32("A")).ShouldBe((1, null, 1));
    }

    [Fact]
    public async Task A_conflict_names_its_action_and_undoes_the_others()
    {
        var table = await fixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "b"));

        var failure = await Should.ThrowAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new(Add, new TableEntity("p", "a")), new(Add, new TableEntity("p", "b")), new(Add, new TableEntity("p", "c"))]));

        failure.FailedTransactionActionIndex.ShouldBe(1);
        failure.Status.ShouldBe(409);
        (failure.ErrorCode == TableErrorCode.EntityAlreadyExists).ShouldBeTrue();
        table.Query<TableEntity>().ShouldHaveSingleItem().RowKey.ShouldBe("b");
    }

    [Fact]
    public async Task An_old_version_fails_the_whole_transaction()
    {
        var table = await fixture.NewTableAsync();
        var old = (await table.AddEntityAsync(new TableEntity("p", "a"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "a") { ["A"] = 1 });

        var failure = Should.Throw<TableTransactionFailedException>(() => table.SubmitTransaction(
            [new(UpdateReplace, new TableEntity("p", "a") { ["A"] = 2 }, old), new(Add, new TableEntity("p", "b"))]));

        (failure.Status, failure.FailedTransactionActionIndex).ShouldBe((412, 0));
        table.Query<TableEntity>().ShouldHaveSingleItem().GetInt32("A").ShouldBe(1);
    }

    [Fact]
    public async Task An_update_without_version_inserts()
    {
        var table = await fixture.NewTableAsync();

        await table.SubmitTransactionAsync([new(UpdateMerge, new TableEntity("p", "a"))]);

        table.Query<TableEntity>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_transaction_needs_actions()
    {
        var table = await fixture.NewTableAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([]));
    }

    [Fact]
    public async Task A_hundred_actions_go_at_once()
    {
        var table = await fixture.NewTableAsync();

        var answer = await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(
            i => new TableTransactionAction(Add, new TableEntity("p", $"{i}") { ["Text"] = new string('x', 1000) })));

        answer.Value.Count.ShouldBe(100);
        table.Query<TableEntity>().Count().ShouldBe(100);
    }
}
