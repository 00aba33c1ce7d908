using Azure;
using Azure.Data.Tables;
using FuncAiSecure.TestSupport;

namespace StandIns.Tests.Tables;

public class AzuriteFixtureTests
{
    [Fact]
    public async Task Tables_survive_a_restart_on_the_same_port()
    {
        await using var azurite = await AzuriteFixture.StartAsync(persistent: true);
        var table = new TableClient(azurite.ConnectionString, "kept", TableServiceFixture.Impatient());
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        await azurite.StopAsync();
        (await Should.ThrowAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"))).Status.ShouldBe(0);
        await azurite.StartAgainAsync();

        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.RowKey.ShouldBe("r");
    }
}
