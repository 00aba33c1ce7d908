using System.Buffers;
using System.Text.Json;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class AuditArchiveTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task Each_condition_lets_only_its_records_through()
    {
        await _world.StoreAsync(21);

        (await _world.ReadAsync(new AuditQuery { Model = "even" })).Count.ShouldBe(11);
        (await _world.ReadAsync(new AuditQuery { Outcome = "QuotaExceeded" })).Count.ShouldBe(3);
        (await _world.ReadAsync(new AuditQuery { RequestId = "request-4" })).ShouldHaveSingleItem().Sequence.ShouldBe(5);
        (await _world.ReadAsync(new AuditQuery { Principal = AuditWorld.Caller("caller-2").Id })).Count.ShouldBe(7);
        (await _world.ReadAsync(new AuditQuery { Principal = AuditWorld.Caller("nobody").Id })).ShouldBeEmpty();
        (await _world.ReadAsync(new AuditQuery { From = new DateOnly(2026, 11, 23) })).ShouldBeEmpty();
        (await _world.ReadAsync(new AuditQuery { To = new DateOnly(2026, 11, 21) })).ShouldBeEmpty();
        (await _world.ReadAsync(new AuditQuery { From = new DateOnly(2026, 11, 22), To = new DateOnly(2026, 11, 22) })).Count.ShouldBe(21);
    }

    [Fact]
    public async Task A_page_begins_where_the_one_before_ended_over_chains_too()
    {
        await _world.StoreAsync(5);
        await _world.StoreAsync(5, from: 5);

        var seen = new List<string?>();
        AuditCursor? after = null;
        while (true)
        {
            var page = await _world.Archive.ReadAsync(new AuditQuery(), after, default).Take(3).ToListAsync();
            if (page.Count == 0)
            {
                break;
            }

            seen.AddRange(page.Select(e => e.Text("request")));
            AuditCursor.TryParse(page[^1].Cursor.ToString(), out var cursor).ShouldBeTrue();
            after = cursor;
        }

        seen.ShouldBe(Enumerable.Range(0, 10).Select(i => $"request-{i}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".1")]
    [InlineData("c-20261122-ab")]
    [InlineData("c-20261122-ab.")]
    [InlineData("c-20261122-ab.-1")]
    [InlineData("c-20261322-ab.1")]
    [InlineData("c-20261122-a'b.1")]
    [InlineData("ledger.1")]
    public void A_cursor_that_is_none_is_refused(string? text) => AuditCursor.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public async Task Tail_is_the_newest_of_all_chains_by_time()
    {
        using var one = _world.Start();
        using var two = _world.Start();
        await one.Shipper.TryOpenAsync(default);
        await two.Shipper.TryOpenAsync(default);
        for (var i = 0; i < 10; i++)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            (i % 2 == 0 ? one : two).Trail.TryRecord(AuditWorld.Record(i));
        }

        await one.Shipper.TryShipAsync(default);
        await two.Shipper.TryShipAsync(default);

        (await _world.Archive.TailAsync(4, default)).Select(e => e.Text("request")).ShouldBe(["request-6", "request-7", "request-8", "request-9"]);
    }

    [Fact]
    public async Task Export_has_every_member()
    {
        await _world.StoreAsync(1);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            (await _world.ReadAsync())[0].Write(writer);
        }

        using var line = JsonDocument.Parse(output.WrittenMemory);
        line.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "chain", "sequence", "principal", "time", "request", "trace", "who", "credentialKind", "credential", "network", "action", "model", "version",
            "outcome", "status", "units", "durationMicros", "inferenceMicros", "inputBytes", "inputDigest", "verdicts",
        ]);
        line.RootElement.GetProperty("network").GetString().ShouldBe("198.51.100.0/24");
        line.RootElement.GetProperty("verdicts")[0].GetProperty("score").GetDouble().ShouldBe(0.125);
    }

    [Fact]
    public async Task A_forgotten_principal_is_named_nowhere_and_its_records_still_verify()
    {
        await _world.StoreAsync(6);
        await _world.StoreAsync(6, from: 6);
        var principal = AuditWorld.Caller("caller-1").Id;

        (await _world.Archive.ForgetAsync(principal, default)).ShouldBe(2);

        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
        (await _world.ReadAsync(new AuditQuery { Principal = principal })).ShouldBeEmpty();
        var entries = await _world.ReadAsync();
        entries.Count.ShouldBe(12);
        entries.Count(e => e.Principal is null).ShouldBe(4);
        entries.Where(e => e.Principal is null).ShouldAllBe(e => e.Text("who") != null);
        (await _world.Archive.ForgetAsync(principal, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_was_under_way_does_not_come_back_after_it_was_forgotten()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0));

        await _world.Archive.ForgetAsync(AuditWorld.Caller().Id, default);
        await process.Shipper.StopAsync(default);

        (await _world.ReadAsync()).ShouldHaveSingleItem().Principal.ShouldBeNull();
    }

    [Fact]
    public async Task Pseudonyms_of_a_principal_differ_between_chains()
    {
        await _world.StoreAsync(1);
        await _world.StoreAsync(1);

        var entries = await _world.ReadAsync();

        entries[0].Principal.ShouldBe(entries[1].Principal);
        entries[0].Text("who").ShouldNotBe(entries[1].Text("who"));
        entries[0].Text("credential").ShouldNotBe(entries[1].Text("credential"));
    }

    [Fact]
    public async Task Expired_chains_go_with_their_names_and_verification_knows_why()
    {
        await _world.StoreAsync(120);
        _world.Time.Advance(TimeSpan.FromDays(10));
        await _world.StoreAsync(3, from: 500);

        (await _world.Archive.SweepAsync(new DateOnly(2026, 11, 22), default)).ShouldBe(0);
        (await _world.Archive.SweepAsync(new DateOnly(2026, 11, 23), default)).ShouldBe(1);
        (await _world.Archive.SweepAsync(new DateOnly(2026, 11, 23), default)).ShouldBe(0);

        (await _world.ReadAsync()).Count.ShouldBe(3);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
        _world.Fake.Rows.ShouldAllBe(row => row.PartitionKey == "ledger" || !row.PartitionKey.Contains("20261122") && !row.RowKey.Contains("20261122"));
    }

    [Fact]
    public async Task Whom_an_act_was_about_is_found_and_can_be_forgotten_without_who_did_it()
    {
        var about = AuditWorld.Caller("acted-on").Id;
        await StoreActsAsync(about);

        (await _world.ReadAsync()).Select(entry => (entry.Principal, entry.About)).ShouldBe([("caller-1", "acted-on"), ("acted-on", null), ("caller-1", "acted-on")]);
        (await _world.ReadAsync(new AuditQuery { Principal = about })).Count.ShouldBe(3);

        (await _world.Archive.ForgetAsync(about, default)).ShouldBe(1);

        (await _world.ReadAsync()).Select(entry => (entry.Principal, entry.About)).ShouldBe([("caller-1", null), (null, null), ("caller-1", null)]);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Both_names_of_a_record_that_could_not_be_kept_come_with_the_next_one()
    {
        var about = AuditWorld.Caller("acted-on").Id;
        using (var process = _world.Start(o => o.MaxJournalBytes = 1 << 20))
        {
            await process.Shipper.TryOpenAsync(default);
            process.Trail.StorageIsHealthy = false;
            var reserved = 0L;
            while (process.Trail.Folder!.TryReserve(1024))
            {
                reserved += 1024;
            }

            process.Trail.TryRecord(Act(about)).ShouldBeFalse();
            process.Trail.Folder.Release(reserved);
            process.Trail.TryRecord(Act(about)).ShouldBeTrue();
            await process.Shipper.StopAsync(default);
        }

        var entry = (await _world.ReadAsync()).ShouldHaveSingleItem();
        entry.Principal.ShouldBe("caller-1");
        entry.About.ShouldBe("acted-on");
    }

    public void Dispose() => _world.Dispose();

    private static AuditRecord Act(PrincipalId about) => new()
    {
        Action = "ManagePlan",
        Outcome = "served",
        Principal = AuditWorld.Caller(),
        Subject = "plan roomy",
        About = about,
    };

    // In one chain, the first record with two new names.
    private async Task StoreActsAsync(PrincipalId about)
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(Act(about)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(1, about.Value)).ShouldBeTrue();
        process.Trail.TryRecord(Act(about)).ShouldBeTrue();
        await process.Shipper.StopAsync(default);
    }
}
