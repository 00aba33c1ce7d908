using System.Buffers.Binary;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Chains;
using FuncAiSecure.Core.Audit.Journal;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class AuditCrashTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public async Task A_kill_between_any_two_writes_loses_nothing_that_was_accepted(int writesBeforeKill)
    {
        foreach (var answerIsLost in new[] { false, true })
        {
            using var world = new AuditWorld();
            using (var first = world.Start())
            {
                await first.Shipper.TryOpenAsync(default);
                bool IsDead() => world.Fake.Writes >= writesBeforeKill;
                world.Fake.FailsBefore = answerIsLost ? null : IsDead;
                world.Fake.FailsAfter = answerIsLost ? IsDead : null;
                Enumerable.Range(0, 350).ShouldAllBe(i => first.Trail.TryRecord(AuditWorld.Record(i, $"caller-{i % 3}")));
                await first.Shipper.TryShipAsync(default);
                first.Trail.TryRecord(AuditWorld.Record(350)).ShouldBeTrue();
                first.Kill();
            }

            (world.Fake.FailsBefore, world.Fake.FailsAfter) = (null, null);
            using var second = world.Start();
            await second.Shipper.TryOpenAsync(default);
            second.Trail.TryRecord(AuditWorld.Record(351)).ShouldBeTrue();
            await second.Shipper.StoppedAsync(default);

            var verification = await world.VerifyAsync();
            verification.Faults.ShouldBeEmpty();
            verification.OpenChains.ShouldBeEmpty();
            var entries = await world.ReadAsync();
            entries.Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, 352).Select(i => $"request-{i}"));
            entries.ShouldAllBe(e => e.Principal != null);
            Directory.GetDirectories(world.JournalDirectory).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Twenty_thousand_records_with_storage_failing_half_the_time_are_there_exactly_once()
    {
        const int Count = 20_000;
        var random = new Random(7);
        var gate = new Lock();
        bool HalfTheTime()
        {
            lock (gate)
            {
                // Before and after each write: together about every second write fails.
                return random.NextDouble() < 0.29;
            }
        }

        (_world.Fake.FailsBefore, _world.Fake.FailsAfter) = (HalfTheTime, HalfTheTime);
        using var process = _world.Start(o => o.QueueCapacity = 500);
        await process.Shipper.TryOpenAsync(default);
        var recording = Task.Run(() => Parallel.For(0, Count, i => process.Trail.TryRecord(AuditWorld.Record(i, $"caller-{i % 5}")).ShouldBeTrue()));
        while (!recording.IsCompleted || process.Trail.Backlog > 0)
        {
            await process.Shipper.TryShipAsync(default);
        }

        await recording;
        (_world.Fake.FailsBefore, _world.Fake.FailsAfter) = (null, null);
        await process.Shipper.StoppedAsync(default);

        var requests = (await _world.ReadAsync()).Select(e => e.Text("request")).ToList();
        requests.Count.ShouldBe(Count);
        requests.ToHashSet().Count.ShouldBe(Count);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("its length was not written yet")]
    [InlineData("the file ends in it")]
    public async Task A_torn_last_frame_is_left_out_and_the_rest_is_kept(string how)
    {
        var journal = await LeaveJournalAsync(5);
        var bytes = await File.ReadAllBytesAsync(journal);
        var (start, end) = LastFrame(bytes);
        if (how == "the file ends in it")
        {
            bytes = bytes[..(end - 1)];
        }
        else
        {
            bytes.AsSpan(start, sizeof(int)).Clear();
        }

        await File.WriteAllBytesAsync(journal, bytes);

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-2", "request-3", "request-99"]);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
        Directory.GetFiles(_world.JournalDirectory, "*.rejected").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1 << 20, 0)]
    [InlineData(1 << 20, 1)]
    public async Task A_segment_without_a_header_is_set_aside_only_if_something_stands_in_it(int length, byte content)
    {
        var journal = await LeaveJournalAsync(5);
        var empty = Enumerable.Repeat(content, length).ToArray();
        await File.WriteAllBytesAsync(journal.Replace(".0000000001.", ".0000000006.", StringComparison.Ordinal), empty);

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).Count.ShouldBe(6);
        Directory.GetFiles(_world.JournalDirectory, "*.rejected").Length.ShouldBe(content);
    }

    [Theory]
    [InlineData("its text")]
    [InlineData("its number")]
    public async Task A_changed_journal_is_believed_only_before_the_change_and_set_aside(string change)
    {
        var journal = await LeaveJournalAsync(5);
        var bytes = await File.ReadAllBytesAsync(journal);
        var frame = SegmentHeader.Read(bytes, out _, out _)!.Value.Length;
        for (var i = 0; i < 3; i++)
        {
            frame += BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(frame));
        }

        bytes[change == "its number" ? frame + sizeof(int) : bytes.AsSpan().IndexOf("request-3"u8)] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-2", "request-99"]);
        Directory.GetFiles(_world.JournalDirectory, "*.rejected").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_journal_made_without_the_secret_is_not_believed()
    {
        var journal = await LeaveJournalAsync(5);
        var bytes = await File.ReadAllBytesAsync(journal);
        bytes[bytes.AsSpan().IndexOf("PreviousMac"u8) + 20] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes);

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).ShouldHaveSingleItem().Text("request").ShouldBe("request-99");
    }

    [Fact]
    public async Task A_journal_under_a_secret_that_is_gone_waits_and_keeps_nobody_from_serving()
    {
        await LeaveJournalAsync(5);
        _world.Secrets.Missing = "v1";
        _world.Secrets.Current = "v2";
        await _world.StoreAsync(1, from: 99);
        (await _world.ReadAsync()).ShouldHaveSingleItem().Text("request").ShouldBe("request-99");

        _world.Secrets.Missing = null;
        await _world.StoreAsync(1, from: 100);

        (await _world.ReadAsync()).Count.ShouldBe(7);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19)]
    public async Task A_name_in_a_journal_that_is_too_short_to_be_one_keeps_no_record_from_the_table(ushort length)
    {
        var journal = await LeaveJournalAsync(5);
        var bytes = await File.ReadAllBytesAsync(journal);
        var start = SegmentHeader.Read(bytes, out _, out _)!.Value.Length;
        // Length, sequence, code, the length of all names; then the first name's.
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(start + 4 + 8 + 32 + 2), length);
        await File.WriteAllBytesAsync(journal, bytes);

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-2", "request-3", "request-4", "request-99"]);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_journal_that_somebody_deletes_while_it_is_taken_over_leaves_storage_well(int count)
    {
        var folder = Path.GetDirectoryName(await LeaveJournalAsync(count))!;
        using var second = _world.Start();
        (await second.Shipper.TryOpenAsync(default)).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
        second.Trail.TryRecord(AuditWorld.Record(99)).ShouldBeTrue();

        await second.Shipper.TryShipAsync(default);
        var isWell = await second.Shipper.TryShipAsync(default);

        isWell.ShouldBeTrue();
        second.Trail.StorageIsHealthy.ShouldBeTrue();
        (await _world.ReadAsync()).ShouldHaveSingleItem().Text("request").ShouldBe("request-99");
    }

    [Fact]
    public async Task The_table_is_made_at_the_start_and_not_a_batchs_delay_later()
    {
        using var process = _world.Start();

        await process.Shipper.StartAsync(default);

        await Wait.UntilAsync("the table is made", () => _world.Fake.Writes == 1);
        await process.Shipper.StoppedAsync(default);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_sending_is_no_failure_of_storage()
    {
        using var process = _world.Start();
        using var stop = new CancellationTokenSource();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
        _world.Fake.FailsBefore = () =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        };

        (await process.Shipper.TryShipAsync(stop.Token)).ShouldBeFalse();

        process.Trail.StorageIsHealthy.ShouldBeTrue();
        _world.Fake.FailsBefore = null;
        await process.Shipper.StoppedAsync(default);
        (await _world.ReadAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_living_process_keeps_its_journal()
    {
        using var living = _world.Start();
        await living.Shipper.TryOpenAsync(default);
        living.Trail.TryRecord(AuditWorld.Record(0));

        await _world.StoreAsync(1, from: 1);

        (await _world.ReadAsync()).ShouldHaveSingleItem().Text("request").ShouldBe("request-1");
        await living.Shipper.StoppedAsync(default);
        (await _world.ReadAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Records_that_only_a_killed_process_memory_held_are_a_gap_that_verification_names()
    {
        using (var first = _world.Start(o => o.MaxJournalBytes = 1 << 20))
        {
            await first.Shipper.TryOpenAsync(default);

            // Journal full, storage well: the next records are in memory only.
            var count = 0;
            while (first.Trail.Folder!.TryReserve(1024))
            {
                count++;
            }

            first.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
            first.Trail.Folder.Release(count * 1024L);
            first.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
            first.Kill();
        }

        await _world.StoreAsync(1, from: 99);
        var verification = await _world.VerifyAsync();

        verification.Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(Core.Audit.Reading.AuditFaultKind.Missing), f => f.Sequence.ShouldBe(1));
    }

    [Fact]
    public async Task A_journal_deleted_under_a_living_process_is_a_gap_and_later_records_are_sent()
    {
        using var process = _world.Start();
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
        File.Delete(Directory.GetFiles(_world.JournalDirectory, "*.journal", SearchOption.AllDirectories).ShouldHaveSingleItem());
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();

        // The segment that is gone is still being written; the next one is not.
        var inOneSegment = SegmentWriter.MaxBytes / 400;
        Enumerable.Range(1, inOneSegment).ShouldAllBe(i => process.Trail.TryRecord(AuditWorld.Record(i)));
        await process.Shipper.StoppedAsync(default);

        (await _world.ReadAsync())[^1].Text("request").ShouldBe($"request-{inOneSegment}");
        (await _world.VerifyAsync()).Faults.ShouldContain(fault => fault.Kind == Core.Audit.Reading.AuditFaultKind.Missing && fault.Sequence == 1);
    }

    public void Dispose() => _world.Dispose();

    private static (int Start, int End) LastFrame(byte[] journal)
    {
        var (start, end) = (0, SegmentHeader.Read(journal, out _, out _)!.Value.Length);
        ReadOnlyMemory<byte> rest = journal.AsMemory(end);
        while (Frame.TryRead(ref rest, out var frame))
        {
            (start, end) = (end, end + frame.Value.Bytes.Length);
        }

        return (start, end);
    }

    private async Task<string> LeaveJournalAsync(int count)
    {
        using var first = _world.Start();
        await first.Shipper.TryOpenAsync(default);
        Enumerable.Range(0, count).ShouldAllBe(i => first.Trail.TryRecord(AuditWorld.Record(i)));
        first.Kill();
        return Directory.GetFiles(_world.JournalDirectory, count == 0 ? "lock" : "*.journal", SearchOption.AllDirectories).ShouldHaveSingleItem();
    }
}
