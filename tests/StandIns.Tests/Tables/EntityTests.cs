using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace StandIns.Tests.Tables;

[Collection(TableServiceTests.Name)]
public class EntityTests(TableServiceFixture fixture)
{
    [Fact]
    public async Task Insert_of_a_present_entity_is_a_conflict()
    {
        var table = await fixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        var failure = await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        failure.Status.ShouldBe(409);
        (failure.ErrorCode == TableErrorCode.EntityAlreadyExists).ShouldBeTrue();
        (failure.ErrorCode == TableErrorCode.TableAlreadyExists).ShouldBeFalse();
    }

    [Fact]
    public async Task A_write_answers_with_the_new_version_and_leaves_the_entity_alone()
    {
        var table = await fixture.NewTableAsync();
        var entity = new TableEntity("p", "r") { ["A"] = 1 };

        var added = (await table.AddEntityAsync(entity)).Headers.ETag;

        added.ShouldNotBeNull();
        entity.ETag.ShouldBe(default);
        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.ETag.ShouldBe(added.Value);
    }

    [Fact]
    public async Task Update_of_an_old_version_is_412_and_changes_nothing()
    {
        var table = await fixture.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 })).Headers.ETag!.Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first);

        var failure = await Should.ThrowAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, first));

        failure.Status.ShouldBe(412);
        (failure.ErrorCode == TableErrorCode.UpdateConditionNotSatisfied).ShouldBeTrue();
        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("A").ShouldBe(2);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, 1)]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task Update_keeps_other_properties_only_when_it_merges(TableUpdateMode mode, int? kept)
    {
        var table = await fixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 });
        await table.AddEntityAsync(new TableEntity("p", "s") { ["A"] = 1, ["B"] = 1 });

        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, ETag.All, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "s") { ["B"] = 2 }, mode);

        foreach (var row in new[] { "r", "s" })
        {
            var stored = (await table.GetEntityAsync<TableEntity>("p", row)).Value;
            stored.GetInt32("A").ShouldBe(kept);
            stored.GetInt32("B").ShouldBe(2);
        }
    }

    [Fact]
    public async Task Update_of_an_absent_entity_is_404_and_upsert_inserts_it()
    {
        var table = await fixture.NewTableAsync();

        var failure = await Should.ThrowAsync<RequestFailedException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All));
        await table.UpsertEntityAsync(new TableEntity("p", "r"));

        failure.Status.ShouldBe(404);
        (failure.ErrorCode == TableErrorCode.ResourceNotFound).ShouldBeTrue();
        (await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue.ShouldBeTrue();
    }

    [Fact]
    public async Task Delete_of_an_absent_entity_answers_404_without_throwing()
    {
        var table = await fixture.NewTableAsync();

        (await table.DeleteEntityAsync("p", "r")).Status.ShouldBe(404);
        table.DeleteEntity("p", "r").Status.ShouldBe(404);
    }

    [Fact]
    public async Task Delete_of_an_old_version_is_412()
    {
        var table = await fixture.NewTableAsync();
        var first = (await table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value;
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });

        (await Should.ThrowAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", first))).Status.ShouldBe(412);

        (await table.DeleteEntityAsync(new TableEntity("p", "r"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Read_of_an_absent_entity_throws_only_where_it_says_so()
    {
        var table = await fixture.NewTableAsync();

        (await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"))).Status.ShouldBe(404);
        Should.Throw<RequestFailedException>(() => table.GetEntity<TableEntity>("p", "r")).Status.ShouldBe(404);
        var none = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");

        none.HasValue.ShouldBeFalse();
        none.GetRawResponse().Status.ShouldBe(404);
        Should.Throw<InvalidOperationException>(() => none.Value);
    }

    [Fact]
    public async Task A_table_that_is_not_there_has_its_own_code()
    {
        var table = fixture.Service.GetTableClient("nevermade");

        var failure = await Should.ThrowAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));

        (failure.ErrorCode == TableErrorCode.TableNotFound).ShouldBeTrue();
        (await table.DeleteAsync()).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_present_table_is_made_again_only_if_not_asked_to_exist()
    {
        var table = await fixture.NewTableAsync();

        (await table.CreateIfNotExistsAsync()).Value.Name.ShouldBe(table.Name);
        table.CreateIfNotExists().GetRawResponse().Status.ShouldBe(409);

        (await Should.ThrowAsync<RequestFailedException>(() => table.CreateAsync())).ErrorCode.ShouldBe(TableErrorCode.TableAlreadyExists.ToString());
    }

    [Fact]
    public async Task Arguments_that_cannot_be_meant_are_refused_before_anything_is_sent()
    {
        var table = await fixture.NewTableAsync();

        await Should.ThrowAsync<ArgumentException>(() => table.UpdateEntityAsync(new TableEntity("p", "r"), default));
        await Should.ThrowAsync<ArgumentNullException>(() => table.AddEntityAsync(new TableEntity(null, "r")));
        await Should.ThrowAsync<ArgumentNullException>(() => table.GetEntityAsync<TableEntity>("p", null));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("it's", "''")]
    [InlineData("100%", "%25%41")]
    [InlineData("a b+c&d=e", "(x)[y],;:@$!*")]
    [InlineData("größe", "日本語😀")]
    [InlineData("..", ".")]
    public async Task Odd_keys_are_kept_apart_and_found_again(string partition, string row)
    {
        var table = await fixture.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(partition, row) { ["A"] = 1 });
        await table.UpdateEntityAsync(new TableEntity(partition, row) { ["A"] = 2 }, ETag.All);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateReplace, new TableEntity(partition, row) { ["A"] = 3 }, ETag.All)]);

        var read = (await table.GetEntityAsync<TableEntity>(partition, row)).Value;
        var found = table.Query<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey eq {row}")).ToList();
        await table.DeleteEntityAsync(partition, row);

        (read.PartitionKey, read.RowKey, read.GetInt32("A")).ShouldBe((partition, row, 3));
        found.ShouldHaveSingleItem().RowKey.ShouldBe(row);
        table.Query<TableEntity>().ShouldBeEmpty();
    }
}
