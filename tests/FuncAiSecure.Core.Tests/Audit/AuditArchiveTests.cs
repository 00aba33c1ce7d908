using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Reading;
using FuncAiSecure.Core.Audit.Storage;
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

        (await PagesAsync(new AuditQuery(), limit: 3)).Requests.ShouldBe(Requests(0, 10));
    }

    [Fact]
    public async Task A_chain_opened_between_two_pages_comes_after_them()
    {
        await _world.StoreAsync(3);
        var (_, next) = await _world.Archive.ReadPageAsync(new AuditQuery(), null, 2, default);
        await _world.StoreAsync(2, from: 3);

        (await PagesAsync(new AuditQuery(), limit: 10, next)).Requests.ShouldBe(Requests(2, 3));
    }

    [Fact]
    public async Task Chains_of_one_process_are_read_as_they_were_opened()
    {
        using var process = _world.Start();
        for (var i = 0; i < 12; i++)
        {
            await process.Shipper.TendAsync(default);
            process.Trail.TryRecord(AuditWorld.Record(i)).ShouldBeTrue();
            _world.Secrets.Current = $"v{i + 2}";
        }

        await process.Shipper.StoppedAsync(default);

        (await PagesAsync(new AuditQuery(), limit: 5)).Requests.ShouldBe(Requests(0, 12));
    }

    [Fact]
    public async Task A_page_goes_on_with_the_chain_whose_name_continues_the_last_ones()
    {
        await _world.StoreAsync(1);
        var row = _world.Fake.Rows.Single(row => row.RowKey == "0000000001" && row.PartitionKey.StartsWith("c-", StringComparison.Ordinal));
        foreach (var chain in (string[])["c-20261123-ab-1", "c-20261123-ab-10", "c-20261123-ab-2"])
        {
            _world.Fake.Put(new TableEntity(row) { PartitionKey = chain });
        }

        (await PagesAsync(new AuditQuery { From = new DateOnly(2026, 11, 23) }, limit: 1)).Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_page_reads_as_much_after_years_of_expired_chains()
    {
        await _world.StoreAsync(20);
        var young = await RowsOfAPageAsync();
        for (var number = 1; number <= 3000; number++)
        {
            _world.Fake.Put(new TableEntity("ledger", LedgerEntry.RowKey(number)) { ["Number"] = (long)number });
        }

        (await RowsOfAPageAsync()).ShouldBe(young);
    }

    [Fact]
    public async Task Appending_to_a_long_ledger_reads_its_newest_entries_alone()
    {
        var ledger = new AuditLedger(_world.Fake, _world.Time);
        var keys = new AuditKeys(await _world.Secrets.GetAsync(null, default));
        for (var i = 0; i < 200; i++)
        {
            await ledger.AppendAsync(keys, LedgerEvent.Opened, $"c-20261122-{i}", 0, [], default);
        }

        var before = _world.Fake.RowsRead;
        await ledger.AppendAsync(keys, LedgerEvent.Opened, "c-20261122-last", 0, [], default);

        (_world.Fake.RowsRead - before).ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task A_page_ends_where_little_matches_and_the_next_ones_find_it()
    {
        const int Processes = 200;
        for (var i = 0; i < Processes; i++)
        {
            await _world.StoreAsync(1, from: i);
        }

        var query = new AuditQuery { RequestId = $"request-{Processes - 1}" };
        var (entries, next) = await _world.Archive.ReadPageAsync(query, null, 10, default);

        entries.ShouldBeEmpty();
        next.ShouldNotBeNull();
        var (requests, pages) = await PagesAsync(query, limit: 10);
        requests.ShouldHaveSingleItem().ShouldBe(query.RequestId);
        pages.ShouldBe(3);
    }

    [Theory]
    [InlineData("2026-11-23", null, 2, 2)]
    [InlineData(null, "2026-11-22", 0, 2)]
    [InlineData("2026-11-24", null, 4, 0)]
    public async Task Days_bound_what_comes_after_a_cursor_too(string? from, string? to, int first, int count)
    {
        await _world.StoreAsync(2);
        var beforeAll = (await _world.ReadAsync())[0].Cursor with { Sequence = 0 };
        _world.Time.Advance(TimeSpan.FromDays(1));
        await _world.StoreAsync(2, from: 2);
        var last = (await _world.ReadAsync())[^1].Cursor;
        var query = new AuditQuery { From = DayOf(from), To = DayOf(to) };

        (await _world.ReadAsync(query, beforeAll)).Select(e => e.Text("request")).ShouldBe(Requests(first, count));
        (await _world.ReadAsync(query, last)).ShouldBeEmpty();
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
        await process.Shipper.StoppedAsync(default);

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
            await process.Shipper.StoppedAsync(default);
        }

        var entry = (await _world.ReadAsync()).ShouldHaveSingleItem();
        entry.Principal.ShouldBe("caller-1");
        entry.About.ShouldBe("acted-on");
    }

    public void Dispose() => _world.Dispose();

    private static DateOnly? DayOf(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Requests(int first, int count) => Enumerable.Range(first, count).Select(i => $"request-{i}");

    private async Task<int> RowsOfAPageAsync()
    {
        var before = _world.Fake.RowsRead;
        (await _world.Archive.ReadPageAsync(new AuditQuery(), null, 10, default)).Entries.Count.ShouldBe(10);
        return _world.Fake.RowsRead - before;
    }

    // Follows every next to the end, in its text form.
    private async Task<(List<string?> Requests, int Pages)> PagesAsync(AuditQuery query, int limit, AuditCursor? after = null)
    {
        var (seen, pages) = (new List<string?>(), 0);
        while (true)
        {
            var (entries, next) = await _world.Archive.ReadPageAsync(query, after, limit, default);
            entries.Count.ShouldBeLessThanOrEqualTo(limit);
            seen.AddRange(entries.Select(e => e.Text("request")));
            pages++;
            if (next is null)
            {
                return (seen, pages);
            }

            AuditCursor.TryParse(next.ToString(), out var cursor).ShouldBeTrue();
            after = cursor;
        }
    }

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
        await process.Shipper.StoppedAsync(default);
    }
}
