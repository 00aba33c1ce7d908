using Azure.Data.Tables;
using Azure.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Storage;
using FuncAiSecure.Core.Tests.Storage;
using FuncAiSecure.Core.Tests.TestSupport;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncAiSecure.Core.Tests.Quotas;

/// <summary>The contract on the Table service's protocol (Azurite), and what only a real service shows.</summary>
public sealed class TableQuotaStoreTests(Azurite azurite) : QuotaStoreContract, IClassFixture<Azurite>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ServiceClock _clock = new(TimeProvider.System);

    private protected override IQuotaStore Store => StoreOn(azurite.Service.ConnectionString, "Quotas");

    [Fact]
    public async Task The_table_is_made_when_it_is_missing()
    {
        var store = StoreOn(azurite.Service.ConnectionString, "T" + Guid.NewGuid().ToString("N"));

        (await store.InsertAsync(Address(), Row(), None)).Outcome.ShouldBe(StoreOutcome.Done);
    }

    [Fact]
    public async Task Every_answer_tells_the_clock()
    {
        await Store.ReadAsync(Address(), None);

        _clock.IsSet.ShouldBeTrue();
        var (earliest, latest) = _clock.At(TimeProvider.System.GetTimestamp());
        TimeProvider.System.GetUtcNow().UtcTicks.ShouldBeInRange(earliest - TimeSpan.TicksPerSecond, latest + TimeSpan.TicksPerSecond);
    }

    [Fact]
    public async Task A_row_of_another_shape_is_not_taken_for_an_empty_counter()
    {
        var address = Address();
        await Store.InsertAsync(Address(), Row(), None);
        await new TableClient(azurite.Service.ConnectionString, "Quotas")
            .AddEntityAsync(new TableEntity(address.PartitionKey, address.RowKey) { ["Granted"] = "many" }, None);

        (await Store.ReadAsync(address, None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
    }

    [Fact]
    public async Task Nobody_listening_leaves_a_write_unknown_and_a_read_unavailable()
    {
        var store = StoreOn(AzuriteFixture.Nowhere, "Quotas");

        (await store.ReadAsync(Address(), None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
        (await store.InsertAsync(Address(), Row(), None)).Outcome.ShouldBe(StoreOutcome.Unknown);
        (await store.SweepAsync(DateTime.MinValue.AddYears(1), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_key_is_unavailable_and_nothing_is_written()
    {
        var wrong = Convert.ToBase64String(new byte[32]);
        var store = StoreOn($"AccountName={AzuriteFixture.AccountName};AccountKey={wrong};TableEndpoint={azurite.Service.Endpoint}", "Quotas");

        (await store.InsertAsync(Address(), Row(), None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
    }

    [Fact]
    public async Task An_identity_that_cannot_be_proven_is_trouble_with_the_service_and_not_a_defect()
    {
        var store = new TableQuotaStore(FailingCredential.Table(new CredentialUnavailableException("No identity.")), _clock, TimeProvider.System, TimeSpan.FromSeconds(10), NullLogger.Instance);

        (await store.ReadAsync(Address(), None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
        (await store.ReadPlanAsync(Address(), None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
        (await store.ReplaceAsync(Address(), Row(), "*", None)).Outcome.ShouldBe(StoreOutcome.Unknown);
        (await store.SweepAsync(DateTime.MinValue.AddYears(1), None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_service_that_falls_silent_is_trouble_with_the_service_and_not_a_defect()
    {
        var store = new TableQuotaStore(BusyThenSilentService.Table(), _clock, TimeProvider.System, TimeSpan.FromSeconds(10), NullLogger.Instance);

        (await store.ReadAsync(Address(), None)).Outcome.ShouldBe(StoreOutcome.Unavailable);
        (await store.ReplaceAsync(Address(), Row(), "*", None)).Outcome.ShouldBe(StoreOutcome.Unknown);
        (await store.SweepAsync(DateTime.MinValue.AddYears(1), None)).ShouldBeNull();
    }

    private TableQuotaStore StoreOn(string connection, string name)
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = 0;
        return new TableQuotaStore(
            new TableClient(connection, name, options), _clock, TimeProvider.System, TimeSpan.FromSeconds(10), NullLogger.Instance);
    }
}
