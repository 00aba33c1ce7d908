using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Whoever can write the table but has not the secret changes one thing; verification must find it and name the first.</summary>
public sealed class AuditVerifierTests : IAsyncLifetime, IDisposable
{
    private const int Count = 6;

    private readonly AuditWorld _world = new();

    public async Task InitializeAsync()
    {
        await _world.StoreAsync(Count);
        await _world.StoreAsync(Count, from: 100);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_untouched_trail_is_intact()
    {
        var verification = await _world.VerifyAsync();

        verification.IsIntact.ShouldBeTrue();
        verification.Records.ShouldBe(2 * Count);
        verification.Chains.ShouldBe(2);
    }

    [Fact]
    public async Task Every_changed_member_of_every_record_is_found_at_its_place()
    {
        var mutations = 0;
        foreach (var row in Records())
        {
            var record = (JsonObject)JsonNode.Parse(row.GetString("Record")!)!;
            foreach (var member in record.Select(pair => pair.Key).ToList())
            {
                var changed = record.DeepClone();
                changed[member] = "other";
                await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Record", changed.ToJsonString())));
                var removed = (JsonObject)record.DeepClone();
                removed.Remove(member);
                await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Record", removed.ToJsonString())));
                mutations += 2;
            }

            var added = record.DeepClone();
            added["new"] = 1;
            await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Record", added.ToJsonString())));
            await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Record", null)));
            await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Mac", null)));
            await AssertFoundAsync(row, AuditFaultKind.Changed, table => table.Put(With(row, "Mac", Flip(row.GetBinary("Mac")!, 31))));
            mutations += 4;
        }

        mutations.ShouldBeGreaterThan(400);
    }

    [Fact]
    public async Task Every_removed_record_is_found_at_its_place()
    {
        foreach (var row in Records())
        {
            await AssertFoundAsync(row, AuditFaultKind.Missing, table => table.Remove(row));
        }
    }

    [Fact]
    public async Task Every_swap_of_two_records_is_found_at_the_first()
    {
        var rows = Records().Take(Count).ToList();
        foreach (var (first, second) in from a in rows from b in rows where string.CompareOrdinal(a.RowKey, b.RowKey) < 0 select (a, b))
        {
            await AssertFoundAsync(first, AuditFaultKind.Changed, table =>
            {
                table.Put(With(With(first, "Record", second["Record"]), "Mac", second["Mac"]));
                table.Put(With(With(second, "Record", first["Record"]), "Mac", first["Mac"]));
            });
        }
    }

    [Fact]
    public async Task A_record_of_another_chain_is_found()
    {
        var (mine, other) = (Records()[2], Records()[Count + 2]);

        await AssertFoundAsync(mine, AuditFaultKind.Changed, table => table.Put(With(With(mine, "Record", other["Record"]), "Mac", other["Mac"])));
    }

    [Fact]
    public async Task A_truncated_chain_is_found_whatever_is_done_to_its_head()
    {
        var rows = Records().Take(Count).ToList();
        var head = Rows(rows[0].PartitionKey).Single(row => row.RowKey == "head");
        for (var kept = 0; kept < Count; kept++)
        {
            var cut = rows[kept];
            void Cut(FaultyTable table) => rows.Skip(kept).ToList().ForEach(table.Remove);

            await AssertFoundAsync(cut, AuditFaultKind.Missing, Cut);
            await AssertFoundAsync(cut, AuditFaultKind.Missing, table =>
            {
                Cut(table);
                table.Remove(head);
            });
            await AssertFoundAsync(cut, AuditFaultKind.Missing, table =>
            {
                Cut(table);
                table.Put(With(head, "Count", (long)kept));
            });
        }
    }

    [Fact]
    public async Task An_older_authentic_head_does_not_hide_a_truncation()
    {
        using var world = new AuditWorld();
        using var process = world.Start();
        await process.Shipper.TryOpenAsync(default);
        Enumerable.Range(0, 3).ShouldAllBe(i => process.Trail.TryRecord(AuditWorld.Record(i)));
        await process.Shipper.TryShipAsync(default);
        var oldHead = world.Fake.Rows.Single(row => row.RowKey == "head");
        Enumerable.Range(3, 3).ShouldAllBe(i => process.Trail.TryRecord(AuditWorld.Record(i)));
        await process.Shipper.StopAsync(default);

        world.Fake.Put(oldHead);
        world.Fake.Rows.Where(row => row.PartitionKey == oldHead.PartitionKey && string.CompareOrdinal(row.RowKey, "0000000004") >= 0 && row.RowKey != "head")
            .ToList().ForEach(world.Fake.Remove);

        (await world.VerifyAsync()).Faults.ShouldHaveSingleItem().ShouldBe(new AuditFault(oldHead.PartitionKey, 4, AuditFaultKind.Missing));
    }

    [Fact]
    public async Task Every_changed_property_of_a_head_is_found()
    {
        foreach (var head in _world.Fake.Rows.Where(row => row.RowKey == "head"))
        {
            foreach (var property in new[] { "Count", "Mac", "Seal", "KeyVersion" })
            {
                object value = head[property] switch { long n => n - 1, byte[] bytes => Flip(bytes, 0), _ => "v2" };
                var faults = await FaultsAfterAsync(table => table.Put(With(head, property, value)));
                faults.ShouldHaveSingleItem().Chain.ShouldBe(head.PartitionKey, property);
            }

            (await FaultsAfterAsync(table => table.Remove(head))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.HeadChanged);
        }
    }

    [Fact]
    public async Task Every_changed_property_of_every_ledger_entry_is_found_there()
    {
        foreach (var row in _world.Fake.Rows.Where(row => row.PartitionKey == "ledger"))
        {
            foreach (var property in new[] { "Number", "Event", "Chain", "Count", "Head", "Time", "KeyVersion", "Mac" })
            {
                object value = row[property] switch
                {
                    long n => n + 1,
                    byte[] { Length: > 0 } bytes => Flip(bytes, 0),
                    byte[] => new byte[] { 1 },
                    DateTimeOffset time => time.AddTicks(1),
                    string when property == "Event" => "Expired",
                    var text => text + "2",
                };
                var faults = await FaultsAfterAsync(table => table.Put(With(row, property, value)));
                faults[0].Chain.ShouldBe("ledger", property);
                faults[0].Sequence.ShouldBe(row.GetInt64("Number")!.Value, property);
            }
        }
    }

    [Fact]
    public async Task A_removed_ledger_entry_is_found()
    {
        // Newest first: removing the newest leaves the second chain without its close, which only a checkpoint can tell from a crash.
        var entries = _world.Fake.Rows.Where(row => row.PartitionKey == "ledger").ToList();
        var checkpoint = (await _world.VerifyAsync()).Checkpoint;

        foreach (var entry in entries.Skip(1))
        {
            (await FaultsAfterAsync(table => table.Remove(entry)))[0].ShouldBe(new AuditFault("ledger", entry.GetInt64("Number")!.Value, AuditFaultKind.Missing));
        }

        var table = _world.Fake.Copy();
        table.Remove(entries[0]);
        var verification = await new AuditArchive(table, _world.Secrets, _world.Time).VerifyAsync(null, null, checkpoint, default);
        verification.Faults.ShouldContain(new AuditFault("ledger", 0, AuditFaultKind.RolledBack));
        verification.OpenChains.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_chain_that_vanished_with_its_newest_ledger_entries_is_found_by_a_checkpoint()
    {
        var checkpoint = (await _world.VerifyAsync()).Checkpoint;
        var last = Records()[^1].PartitionKey;
        var table = _world.Fake.Copy();
        table.Rows.Where(row => row.PartitionKey == last || (row.PartitionKey == "ledger" && row.GetString("Chain") == last)).ToList().ForEach(table.Remove);
        var archive = new AuditArchive(table, _world.Secrets, _world.Time);

        (await archive.VerifyAsync(null, null, checkpoint, default)).Faults.ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.RolledBack);
    }

    [Fact]
    public async Task An_honest_trail_still_holds_an_earlier_checkpoint()
    {
        var checkpoint = (await _world.VerifyAsync()).Checkpoint;
        await _world.StoreAsync(2, from: 200);

        (await _world.VerifyAsync(checkpoint)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Rows_that_the_trail_never_wrote_are_found()
    {
        var row = Records()[0];
        var chain = row.PartitionKey;

        (await FaultsAfterAsync(t => t.Put(With(new TableEntity(row) { RowKey = "0000000007" }, "x", 1)))).ShouldHaveSingleItem()
            .ShouldBe(new AuditFault(chain, 7, AuditFaultKind.Changed));
        (await FaultsAfterAsync(t => t.Put(new TableEntity(row) { RowKey = "00000000001" }))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
        (await FaultsAfterAsync(t => t.Put(new TableEntity(chain, "zzz")))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
        (await FaultsAfterAsync(t => t.Put(new TableEntity("c-20261122-ffffffffffffffff-0", "head")))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
    }

    private List<TableEntity> Records() =>
        [.. _world.Fake.Rows.Where(row => row.PartitionKey.StartsWith("c-", StringComparison.Ordinal) && row.RowKey != "head")
            .OrderBy(row => row.GetString("Record")!.Contains("request-10", StringComparison.Ordinal)).ThenBy(row => row.RowKey)];

    private List<TableEntity> Rows(string partition) => [.. _world.Fake.Rows.Where(row => row.PartitionKey == partition)];

    private async Task AssertFoundAsync(TableEntity row, AuditFaultKind kind, Action<FaultyTable> mutate) =>
        (await FaultsAfterAsync(mutate)).ShouldBe([new AuditFault(row.PartitionKey, long.Parse(row.RowKey), kind)]);

    private async Task<IReadOnlyList<AuditFault>> FaultsAfterAsync(Action<FaultyTable> mutate)
    {
        var table = _world.Fake.Copy();
        mutate(table);
        return (await new AuditArchive(table, _world.Secrets, _world.Time).VerifyAsync(null, null, null, default)).Faults;
    }

    private static TableEntity With(TableEntity row, string property, object? value)
    {
        var changed = new TableEntity(row);
        changed.Remove(property);
        if (value is not null)
        {
            changed[property] = value;
        }

        return changed;
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }
}
