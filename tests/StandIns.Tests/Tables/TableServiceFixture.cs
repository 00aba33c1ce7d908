using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FuncAiSecure.TestSupport;

namespace StandIns.Tests.Tables;

/// <summary>One Azurite for all tests of this folder; each takes a table of its own.</summary>
public sealed class TableServiceFixture : IAsyncLifetime
{
    private AzuriteFixture? _azurite;
    private int _tables;

    public AzuriteFixture Azurite => _azurite!;

    public TableServiceClient Service { get; private set; } = null!;

    public static TableClientOptions Impatient() => new() { Retry = { MaxRetries = 0 }, Transport = new HttpClientTransport() };

    public async Task InitializeAsync()
    {
        _azurite = await AzuriteFixture.StartAsync();
        Service = new TableServiceClient(_azurite.ConnectionString, Impatient());
    }

    public async Task<TableClient> NewTableAsync()
    {
        var table = Service.GetTableClient($"t{Interlocked.Increment(ref _tables):d6}");
        await table.CreateAsync();
        return table;
    }

    public async Task DisposeAsync() => await Azurite.DisposeAsync();
}

[CollectionDefinition(Name)]
public class TableServiceTests : ICollectionFixture<TableServiceFixture>
{
    public const string Name = "Table service";
}
