using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;

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
        foreach (var place in Records())
        {
            var record = (JsonObject)JsonNode.Parse(place.Record)!;
            foreach (var member in record.Select(pair => pair.Key).ToList())
            {
                var changed = record.DeepClone();
                changed[member] = "other";
                await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With(changed.ToJsonString())));
                var removed = (JsonObject)record.DeepClone();
                removed.Remove(member);
                await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With(removed.ToJsonString())));
                mutations += 2;
            }

            var added = record.DeepClone();
            added["new"] = 1;
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With(added.ToJsonString())));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With("")));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With(place.Record, new byte[32])));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(place.With(place.Record, Flip(place.Mac, 31))));
            mutations += 4;
        }

        mutations.ShouldBeGreaterThan(400);
    }

    [Fact]
    public async Task A_row_that_has_not_its_shape_is_found_at_its_first_record()
    {
        foreach (var place in Records().Where(place => place.Index == 0))
        {
            var macs = place.Row.GetBinary("Macs")!;
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Records", null)));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Macs", null)));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Macs", macs[1..])));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Macs", macs[32..])));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Records", Pack(Lines(place.Row) + "\n"))));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Records", (byte[])[.. place.Row.GetBinary("Records")!, (byte)'\n'])));
            await AssertFoundAsync(place, AuditFaultKind.Changed, table => table.Put(With(place.Row, "Records", place.Row.GetBinary("Records")![..^1])));
        }
    }

    [Fact]
    public async Task Every_removed_row_is_found_at_its_first_record()
    {
        foreach (var place in Records().Where(place => place.Index == 0))
        {
            await AssertFoundAsync(place, AuditFaultKind.Missing, table => table.Remove(place.Row));
        }
    }

    [Fact]
    public async Task Every_record_removed_from_its_row_is_found_at_its_place()
    {
        foreach (var place in Records())
        {
            // The first's place is taken by the second; the second's by nothing.
            await AssertFoundAsync(place, place.Index == 0 ? AuditFaultKind.Changed : AuditFaultKind.Missing, table => table.Put(place.Without()));
        }
    }

    [Fact]
    public async Task A_record_given_twice_is_found()
    {
        foreach (var place in Records())
        {
            var twice = With(With(place.Row, "Records", Pack(Lines(place.Row) + "\n" + place.Record)), "Macs", (byte[])[.. place.Row.GetBinary("Macs")!, .. place.Mac]);
            (await FaultsAfterAsync(table => table.Put(twice))).ShouldBe(
                [new AuditFault(place.Row.PartitionKey, long.Parse(place.Row.RowKey) + 2, AuditFaultKind.Changed)]);
        }
    }

    [Fact]
    public async Task Every_swap_of_two_records_is_found_at_the_first()
    {
        var places = Records().Take(Count).ToList();
        foreach (var (first, second) in from a in places from b in places where a.Sequence < b.Sequence select (a, b))
        {
            await AssertFoundAsync(first, AuditFaultKind.Changed, table =>
            {
                table.Put(first.With(second.Record, second.Mac));
                var now = second with { Row = table.Rows.Single(row => row.PartitionKey == second.Row.PartitionKey && row.RowKey == second.Row.RowKey) };
                table.Put(now.With(first.Record, first.Mac));
            });
        }
    }

    [Fact]
    public async Task A_record_of_another_chain_is_found()
    {
        var (mine, other) = (Records()[2], Records()[Count + 2]);

        await AssertFoundAsync(mine, AuditFaultKind.Changed, table => table.Put(mine.With(other.Record, other.Mac)));
    }

    [Fact]
    public async Task A_truncated_chain_is_found_whatever_is_done_to_its_head()
    {
        var places = Records().Take(Count).ToList();
        var head = Rows(places[0].Row.PartitionKey).Single(row => row.RowKey == "head");
        for (var kept = 0; kept < Count; kept++)
        {
            var cut = places[kept];
            void Cut(FaultyTable table)
            {
                places.Skip(kept).Where(place => place.Index == 0).Select(place => place.Row).ToList().ForEach(table.Remove);
                if (cut.Index > 0)
                {
                    table.Put(cut.Without());
                }
            }

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
        await process.Shipper.StoppedAsync(default);

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
        var last = Records()[^1].Row.PartitionKey;
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
        var row = Records()[0].Row;
        var chain = row.PartitionKey;

        (await FaultsAfterAsync(t => t.Put(With(new TableEntity(row) { RowKey = "0000000007" }, "x", 1)))).ShouldHaveSingleItem()
            .ShouldBe(new AuditFault(chain, 7, AuditFaultKind.Changed));
        (await FaultsAfterAsync(t => t.Put(new TableEntity(row) { RowKey = "00000000001" }))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
        (await FaultsAfterAsync(t => t.Put(new TableEntity(chain, "zzz")))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
        (await FaultsAfterAsync(t => t.Put(new TableEntity("c-20261122-ffffffffffffffff-0", "head")))).ShouldHaveSingleItem().Kind.ShouldBe(AuditFaultKind.Foreign);
    }

    private List<Place> Records() =>
        [.. _world.Fake.Rows.Where(row => row.PartitionKey.StartsWith("c-", StringComparison.Ordinal) && row.RowKey != "head")
            .OrderBy(row => Lines(row).Contains("request-10", StringComparison.Ordinal)).ThenBy(row => row.RowKey)
            .SelectMany(row => Lines(row).Split('\n').Select((_, i) => new Place(row, i)))];

    private List<TableEntity> Rows(string partition) => [.. _world.Fake.Rows.Where(row => row.PartitionKey == partition)];

    private async Task AssertFoundAsync(Place place, AuditFaultKind kind, Action<FaultyTable> mutate) =>
        (await FaultsAfterAsync(mutate)).ShouldBe([new AuditFault(place.Row.PartitionKey, place.Sequence, kind)]);

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

    private static string Lines(TableEntity row) => Encoding.UTF8.GetString(PackedLines.Unpack(row.GetBinary("Records"))!);

    private static byte[] Pack(string lines) => PackedLines.Pack(Encoding.UTF8.GetBytes(lines));

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }

    /// <summary>A record within its row.</summary>
    private sealed record Place(TableEntity Row, int Index)
    {
        public long Sequence => long.Parse(Row.RowKey) + Index;

        public string Record => Lines(Row).Split('\n')[Index];

        public byte[] Mac => Row.GetBinary("Macs")![(Index * 32)..((Index + 1) * 32)];

        public TableEntity With(string record, byte[]? mac = null) => Change((records, macs) =>
        {
            records[Index] = record;
            macs[Index] = mac ?? Mac;
        });

        public TableEntity Without() => Change((records, macs) =>
        {
            records.RemoveAt(Index);
            macs.RemoveAt(Index);
        });

        private TableEntity Change(Action<List<string>, List<byte[]>> change)
        {
            var (records, macs) = (Lines(Row).Split('\n').ToList(), Row.GetBinary("Macs")!.Chunk(32).ToList());
            change(records, macs);
            return AuditVerifierTests.With(AuditVerifierTests.With(Row, "Records", Pack(string.Join('\n', records))), "Macs", macs.SelectMany(mac => mac).ToArray());
        }
    }
}
