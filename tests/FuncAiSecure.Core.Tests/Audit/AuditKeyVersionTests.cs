using Azure;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Rows name the version of the secret that they were made under; whoever can write the table can name one that never was.</summary>
public sealed class AuditKeyVersionTests : IAsyncLifetime, IDisposable
{
    private const string MadeUp = "v9";

    private readonly AuditWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.StoreAsync(3);
        await _world.StoreAsync(3, from: 100);
        _world.Secrets.Missing = MadeUp;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_ledger_entry_under_a_version_that_never_was_is_named_as_changed()
    {
        foreach (var entry in LedgerRows())
        {
            var faults = (await ArchiveAfter(entry).VerifyAsync(null, null, null, default)).Faults;

            faults[0].ShouldBe(new AuditFault("ledger", entry.GetInt64("Number")!.Value, AuditFaultKind.Changed));
        }
    }

    [Fact]
    public async Task Records_are_shown_and_principals_forgotten_whatever_version_somebody_made_up()
    {
        foreach (var entry in LedgerRows())
        {
            var archive = ArchiveAfter(entry);

            (await archive.ReadAsync(new AuditQuery(), null, default).ToListAsync()).Count.ShouldBe(6);
            (await archive.TailAsync(4, default)).Count.ShouldBe(4);
            (await archive.ForgetAsync(PrincipalId.TryParse("caller-1", out var id) ? id : default, default)).ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_vault_without_the_secret_is_an_error_and_not_a_broken_trail()
    {
        var elsewhere = new AuditArchive(_world.Fake, new FixedSecrets { Current = "v1", Missing = "v1" }, _world.Time);

        (await Should.ThrowAsync<RequestFailedException>(() => elsewhere.VerifyAsync(null, null, null, default))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_vault_that_is_away_is_an_error_and_not_a_broken_trail()
    {
        _world.Secrets.IsAway = true;

        (await Should.ThrowAsync<RequestFailedException>(() => _world.VerifyAsync())).Status.ShouldBe(503);
    }

    [Theory]
    [InlineData("-1:00")]
    [InlineData("9223372036854775807:00")]
    [InlineData("+1:00")]
    [InlineData("0:00")]
    [InlineData("1")]
    [InlineData(":")]
    [InlineData("")]
    public async Task What_is_no_checkpoint_of_this_ledger_is_one_that_does_not_hold(string checkpoint) =>
        (await _world.VerifyAsync(checkpoint)).Faults.ShouldBe([new AuditFault("ledger", 0, AuditFaultKind.RolledBack)]);

    [Theory]
    [InlineData("../another-secret")]
    [InlineData("0123456789abcdef0123456789abcdef/../../another-secret")]
    [InlineData("?api-version=7.0")]
    [InlineData("")]
    public async Task A_version_of_another_form_is_never_asked_for(string version)
    {
        // Nobody listens there: a question would fail in another way.
        var options = new SecretClientOptions { Retry = { MaxRetries = 0 } };
        var secrets = new VaultAuditSecrets(new SecretClient(new Uri("https://127.0.0.1:9"), new AzureCliCredential(), options), "audit-key");

        (await Should.ThrowAsync<RequestFailedException>(() => secrets.GetAsync(version, default).AsTask())).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_new_version_of_the_secret_is_used_without_a_restart_and_older_records_verify_with_theirs()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(200)).ShouldBeTrue();
        _world.Secrets.Current = "v2";

        await process.Shipper.TendAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(201)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        _world.Fake.Rows.Where(row => row.RowKey == "head").Select(row => row.GetString("KeyVersion")).Order().ShouldBe(["v1", "v1", "v1", "v2"]);
        var verification = await _world.VerifyAsync();
        verification.IsIntact.ShouldBeTrue();
        verification.OpenChains.ShouldBeEmpty();
        (await _world.ReadAsync()).Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_again_goes_on_as_it_is_known()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(200)).ShouldBeTrue();
        _world.Secrets.IsAway = true;

        await process.Shipper.TendAsync(default);

        process.Trail.TryRecord(AuditWorld.Record(201)).ShouldBeTrue();
        process.Trail.Chains.ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    private List<TableEntity> LedgerRows() => [.. _world.Fake.Rows.Where(row => row.PartitionKey == "ledger")];

    private AuditArchive ArchiveAfter(TableEntity entry)
    {
        var table = _world.Fake.Copy();
        table.Put(new TableEntity(entry) { ["KeyVersion"] = MadeUp });
        return new AuditArchive(table, _world.Secrets, _world.Time);
    }
}
