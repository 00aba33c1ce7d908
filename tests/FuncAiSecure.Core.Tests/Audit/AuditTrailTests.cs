using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task Records_are_stored_in_their_order_and_verify()
    {
        await _world.StoreAsync(250);

        var entries = await _world.ReadAsync();
        var verification = await _world.VerifyAsync();

        entries.Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, 250).Select(i => $"request-{i}"));
        verification.Faults.ShouldBeEmpty();
        verification.OpenChains.ShouldBeEmpty();
        verification.Records.ShouldBe(250);
        Directory.GetDirectories(_world.JournalDirectory).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_that_names_the_caller_or_the_host_is_in_a_row_or_a_file()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(1, "secret-caller"));

        var files = Directory.GetFiles(_world.JournalDirectory, "*.journal", SearchOption.AllDirectories).Select(path =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        }).ToList();
        await process.Shipper.TryShipAsync(default);
        var stored = _world.Fake.Rows.SelectMany(row => row.Keys.Select(key => row[key]))
            .Select(value => value is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : $"{value}");

        files.ShouldHaveSingleItem().ShouldContain("request-1");
        foreach (var text in files.Concat(stored))
        {
            text.ShouldNotContain("secret-caller");
            text.ShouldNotContain("key-1");
            text.ShouldNotContain("198.51.100.77");
        }

        (await _world.ReadAsync()).ShouldHaveSingleItem().Principal.ShouldBe("secret-caller");
    }

    [Fact]
    public void Nothing_is_recorded_before_the_secret_is_there()
    {
        using var refusing = _world.Start();
        using var serving = _world.Start(o => o.WhenUnrecordable = UnrecordableAction.Serve);

        refusing.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeFalse();
        refusing.Trail.DigestInput("x"u8).ShouldBeNull();
        serving.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
        serving.Trail.MustRecord(AuditWorld.Record(1)).ShouldBeFalse();
        serving.Trail.Lost.ShouldBe(1);
    }

    [Fact]
    public async Task A_tools_record_is_stored_in_a_closed_chain_or_not_at_all()
    {
        var recorder = new AuditRecorder(_world.Fake, _world.Secrets, _world.Time);

        (await recorder.RecordAsync(AuditWorld.Record(1), default)).ShouldBeTrue();
        _world.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await recorder.RecordAsync(AuditWorld.Record(2), default)).ShouldBeTrue();
        _world.Fake.FailsBefore = () => true;
        (await recorder.RecordAsync(AuditWorld.Record(3), default)).ShouldBeFalse();
        _world.Fake.FailsBefore = null;
        _world.Secrets.IsAway = true;
        (await recorder.RecordAsync(AuditWorld.Record(4), default)).ShouldBeFalse();
        _world.Secrets.IsAway = false;

        (await _world.ReadAsync()).Select(entry => entry.Text("request")).ShouldBe(["request-1", "request-2"]);
        var found = await _world.VerifyAsync();
        found.IsIntact.ShouldBeTrue();
        found.OpenChains.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flood_of_strangers_is_counted_and_hides_nobody_else()
    {
        const int Flood = 5000;
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        for (var i = 0; i < Flood; i++)
        {
            process.Trail.TryRecord(Stranger("203.0.113.7")).ShouldBeTrue();
        }

        process.Trail.TryRecord(Stranger("198.51.100.9")).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
        process.Trail.Backlog.ShouldBe(StrangerCounts.RecordsPerSecond + 2);

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        process.Trail.TryRecord(Stranger("203.0.113.8")).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        var entries = await _world.ReadAsync();
        entries.Count.ShouldBe(StrangerCounts.RecordsPerSecond + 3);
        entries[^1].Text("others").ShouldBe((Flood - StrangerCounts.RecordsPerSecond).ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task What_was_counted_is_recorded_when_nobody_comes_any_more_and_at_the_end()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < StrangerCounts.RecordsPerSecond + 7; i++)
            {
                process.Trail.TryRecord(Stranger("2001:db8::1")).ShouldBeTrue();
            }

            process.Trail.RollOver();
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            if (round == 0)
            {
                process.Trail.RollOver();
            }
        }

        await process.Shipper.StoppedAsync(default);

        var counted = (await _world.ReadAsync()).Where(entry => entry.Text("action") == AuditTrail.Strangers).ToList();
        counted.Select(entry => entry.Text("others")).ShouldBe(["7", "7"]);
    }

    [Fact]
    public async Task What_was_counted_is_told_later_where_the_record_that_should_tell_it_is_refused()
    {
        File.WriteAllText(_world.JournalDirectory, "a file where the folder should be");
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        for (var i = 0; i < StrangerCounts.RecordsPerSecond + 7; i++)
        {
            process.Trail.TryRecord(Stranger("203.0.113.7")).ShouldBeTrue();
        }

        _world.Fake.FailsBefore = () => true;
        await process.Shipper.TryShipAsync(default);
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        process.Trail.TryRecord(Stranger("203.0.113.7")).ShouldBeFalse();
        _world.Fake.FailsBefore = null;
        await process.Shipper.TryShipAsync(default);
        await process.Shipper.StoppedAsync(default);

        (await _world.ReadAsync())[^1].Text("others").ShouldBe("7");
    }

    [Fact]
    public async Task Records_that_come_while_others_are_sent_wait_for_the_next_pass()
    {
        using var process = _world.Start();
        (await process.Shipper.TryOpenAsync(default)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        var (before, number) = (_world.Fake.Writes, 1);
        process.Trail.TryRecord(AuditWorld.Record(number++)).ShouldBeTrue();
        _world.Fake.FailsBefore = () => number < 100 && !process.Trail.TryRecord(AuditWorld.Record(number++));

        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();

        (_world.Fake.Writes - before).ShouldBe(1);
        process.Trail.Backlog.ShouldBe(number - 2);
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        _world.Fake.FailsBefore = null;
        await process.Shipper.StoppedAsync(default);
        (await _world.VerifyAsync()).Records.ShouldBe(number);
    }

    [Fact]
    public async Task A_vault_that_comes_back_opens_the_trail()
    {
        using var process = _world.Start();
        _world.Secrets.IsAway = true;
        (await process.Shipper.TryOpenAsync(default)).ShouldBeFalse();

        _world.Secrets.IsAway = false;

        (await process.Shipper.TryOpenAsync(default)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_recorded_after_the_end()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        await process.Shipper.StoppedAsync(default);

        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_disk_records_are_taken_while_storage_is_well_and_refused_when_it_is_not()
    {
        File.WriteAllText(_world.JournalDirectory, "a file where the folder should be");
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();

        _world.Fake.FailsBefore = () => true;
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
        (await process.Shipper.TryShipAsync(default)).ShouldBeFalse();
        process.Trail.TryRecord(AuditWorld.Record(2)).ShouldBeFalse();

        _world.Fake.FailsBefore = null;
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(3)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);
        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-3"]);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_clock_set_back_over_midnight_goes_on_in_the_same_chain()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        for (var i = 0; i < 5; i++)
        {
            process.Trail.TryRecord(AuditWorld.Record(i)).ShouldBeTrue();
            _world.Time.Set(new DateTimeOffset(2026, 11, 21, 23, 59, i, TimeSpan.Zero));
            process.Trail.RollOver();
        }

        await process.Shipper.StoppedAsync(default);

        (await _world.ReadAsync()).Select(entry => entry.Chain).Distinct().ShouldHaveSingleItem();
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_journal_and_a_failing_storage_refuse_and_take_again_when_storage_is_well()
    {
        using var process = _world.Start(o => (o.MaxJournalBytes, o.QueueCapacity) = (1 << 20, 100));
        process.Trail.Refuses.ShouldBeTrue("there is no secret yet");
        await process.Shipper.TryOpenAsync(default);
        _world.Fake.FailsBefore = () => true;
        await process.Shipper.TryShipAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0));
        (await process.Shipper.TryShipAsync(default)).ShouldBeFalse();

        process.Trail.Refuses.ShouldBeFalse("the journal has room");
        var accepted = 1;
        while (process.Trail.TryRecord(AuditWorld.Record(accepted)))
        {
            accepted++;
        }

        process.Trail.Refuses.ShouldBeTrue();
        _world.Fake.FailsBefore = null;
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        process.Trail.Refuses.ShouldBeFalse();
        process.Trail.TryRecord(AuditWorld.Record(accepted)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        accepted.ShouldBeGreaterThan(1000);
        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, accepted + 1).Select(i => $"request-{i}"));
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_day_has_its_own_chain_and_yesterdays_is_closed()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0));
        await process.Shipper.TryShipAsync(default);

        _world.Time.Advance(TimeSpan.FromHours(14));
        process.Trail.TryRecord(AuditWorld.Record(1));
        await process.Shipper.TryShipAsync(default);
        var verification = await _world.VerifyAsync();

        (await _world.ReadAsync()).Select(e => e.Chain[..10]).ShouldBe(["c-20261122", "c-20261123"]);
        verification.IsIntact.ShouldBeTrue();
        verification.OpenChains.ShouldHaveSingleItem().ShouldStartWith("c-20261123");
    }

    [Fact]
    public async Task A_quiet_instances_chain_is_closed_after_its_day()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0));

        _world.Time.Advance(TimeSpan.FromDays(1));
        process.Trail.RollOver();
        await process.Shipper.TryShipAsync(default);

        (await _world.VerifyAsync()).OpenChains.ShouldBeEmpty();
    }

    [Fact]
    public async Task Equal_inputs_have_equal_digests_that_say_nothing_without_the_secret()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);

        var digest = process.Trail.DigestInput("input"u8);

        digest.ShouldBe(process.Trail.DigestInput("input"u8));
        digest.ShouldNotBe(process.Trail.DigestInput("inpus"u8));
        digest!.Length.ShouldBe(32);
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("input"u8)).ShouldNotStartWith(digest);
    }

    [Fact]
    public async Task A_new_secret_version_reads_and_verifies_beside_the_old_one()
    {
        await _world.StoreAsync(3);
        _world.Secrets.Current = "v2";
        await _world.StoreAsync(3, from: 3);

        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
        (await _world.ReadAsync(new AuditQuery { Principal = AuditWorld.Caller("caller-1").Id })).Count.ShouldBe(2);
    }

    public void Dispose() => _world.Dispose();

    private static AuditRecord Stranger(string address) =>
        new() { Action = "ModelInfer", Outcome = "CredentialInvalid", Status = 401, ClientAddress = System.Net.IPAddress.Parse(address) };
}
