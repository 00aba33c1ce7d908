using Azure.Data.Tables;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>The same trail over the real protocol: what the fake promises must hold there.</summary>
public sealed class AuditOnAzuriteTests
{
    [Fact]
    public async Task A_trail_is_stored_killed_taken_over_read_forgotten_and_verified()
    {
        await using var azurite = await AzuriteFixture.StartAsync(persistent: true);
        var table = new TableClient(azurite.ConnectionString, "audit", new TableClientOptions { Retry = { MaxRetries = 0 } });
        using var world = new AuditWorld(table);
        using (var first = world.Start())
        {
            await first.Shipper.TryOpenAsync(default);
            Enumerable.Range(0, 150).ShouldAllBe(i => first.Trail.TryRecord(AuditWorld.Record(i, $"caller-{i % 3}")));
            (await first.Shipper.TryShipAsync(default)).ShouldBeTrue();

            await azurite.StopAsync();
            Enumerable.Range(150, 150).ShouldAllBe(i => first.Trail.TryRecord(AuditWorld.Record(i, $"caller-{i % 3}")));
            (await first.Shipper.TryShipAsync(default)).ShouldBeFalse();
            first.Kill();
        }

        await azurite.StartAgainAsync();
        await world.StoreAsync(10, from: 300);

        (await world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, 310).Select(i => $"request-{i}"));
        (await world.ReadAsync(new AuditQuery { Principal = AuditWorld.Caller("caller-2").Id })).Count.ShouldBe(103);
        (await world.Archive.ForgetAsync(AuditWorld.Caller("caller-2").Id, default)).ShouldBe(2);
        (await world.ReadAsync(new AuditQuery { Principal = AuditWorld.Caller("caller-2").Id })).ShouldBeEmpty();
        (await world.VerifyAsync()).IsIntact.ShouldBeTrue();

        var chain = (await world.ReadAsync())[0].Chain;
        var rows = await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {chain} and RowKey lt {"head"}")).ToListAsync();
        rows.Count.ShouldBeLessThan(10);
        await table.DeleteEntityAsync(chain, rows[1].RowKey);
        (await world.VerifyAsync()).Faults.ShouldHaveSingleItem().ShouldBe(new AuditFault(chain, long.Parse(rows[1].RowKey), AuditFaultKind.Missing));

        world.Time.Advance(TimeSpan.FromDays(1));
        (await world.Archive.SweepAsync(new DateOnly(2026, 11, 23), default)).ShouldBe(2);
        (await world.ReadAsync()).ShouldBeEmpty();
        (await world.VerifyAsync()).IsIntact.ShouldBeTrue();
        var payloads = new PayloadStore(new TableClient(azurite.ConnectionString, "nothingcaptured"), new FixedSecrets(), TimeProvider.System);
        (await payloads.SweepAsync(new DateOnly(2026, 11, 23), default)).ShouldBe(0);
        (await payloads.ReadAsync("request-1", null, _ => true, default)).Payloads.ShouldBeEmpty();
    }
}
