using FuncAiSecure.Core.Audit;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>What a journal that was full for a while leaves behind.</summary>
public sealed class FullJournalTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task Records_that_a_killed_process_stored_past_its_journal_are_counted_when_its_chain_is_closed()
    {
        using (var first = _world.Start(o => o.MaxJournalBytes = 1 << 20))
        {
            await first.Shipper.TryOpenAsync(default);
            first.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
            var taken = Fill(first.Trail);
            first.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue("storage is well");
            first.Trail.Folder!.Release(taken);
            (await first.Shipper.TryShipAsync(default)).ShouldBeTrue();
            first.Kill();
        }

        await _world.StoreAsync(1, from: 99);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-99"]);
        var verification = await _world.VerifyAsync();
        verification.Faults.ShouldBeEmpty();
        verification.OpenChains.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_journal_of_one_segment_that_was_full_takes_records_again_when_they_are_stored()
    {
        using var process = _world.Start(o => o.MaxJournalBytes = 1 << 20);
        await process.Shipper.TryOpenAsync(default);
        _world.Fake.FailsBefore = () => true;
        await process.Shipper.TryShipAsync(default);
        var accepted = 0;
        while (process.Trail.TryRecord(AuditWorld.Record(accepted)))
        {
            accepted++;
        }

        _world.Fake.FailsBefore = null;
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();

        process.Trail.Folder!.HasRoom.ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(accepted)).ShouldBeTrue();
        process.Kill();
        await _world.StoreAsync(0);
        (await _world.ReadAsync())[^1].Text("request").ShouldBe($"request-{accepted}");
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task A_journal_gives_its_room_and_its_files_back_as_often_as_records_are_stored()
    {
        using var process = _world.Start(o => o.MaxJournalBytes = 6 << 20);
        await process.Shipper.TryOpenAsync(default);
        for (var i = 0; i < 1_500; i++)
        {
            process.Trail.MustRecord(LongRecord(i)).ShouldBeTrue($"record {i}");
            if (i % 50 == 49)
            {
                (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
                process.Trail.StorageIsHealthy = false; // the journal alone takes them
            }
        }

        process.Trail.Folder!.Segments().Count.ShouldBe(1);
        Enumerable.Range(0, 1_000).TakeWhile(i => process.Trail.MustRecord(LongRecord(i))).Count()
            .ShouldBeLessThan((6 << 20) / (16 << 10), "no more than it may hold");
    }

    [Fact]
    public async Task A_day_that_is_over_gives_its_room_and_its_file_back()
    {
        using var process = _world.Start(o => o.MaxJournalBytes = 1 << 20);
        await process.Shipper.TryOpenAsync(default);
        for (var i = 0; i < 100; i++)
        {
            process.Trail.MustRecord(LongRecord(i)).ShouldBeTrue($"record {i}");
            if (i % 20 == 19)
            {
                _world.Time.Advance(TimeSpan.FromDays(1));
                process.Trail.RollOver();
                (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
                process.Trail.StorageIsHealthy = false; // the journal alone takes them
            }
        }

        process.Trail.Folder!.Segments().ShouldBeEmpty();
    }

    [Fact]
    public async Task Segments_that_a_killed_process_left_are_all_taken_over()
    {
        const int Count = 600;
        using (var first = _world.Start())
        {
            await first.Shipper.TryOpenAsync(default);
            for (var i = 0; i < Count; i++)
            {
                first.Trail.TryRecord(LongRecord(i)).ShouldBeTrue();
            }

            first.Trail.Folder!.Segments().Count.ShouldBeGreaterThan(2);
            first.Kill();
        }

        await _world.StoreAsync(0);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, Count).Select(i => $"request-{i}"));
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Records_that_a_full_journal_refused_take_none_of_its_room()
    {
        using var process = _world.Start(o => o.MaxJournalBytes = 1 << 20);
        await process.Shipper.TryOpenAsync(default);
        _world.Fake.FailsBefore = () => true;
        await process.Shipper.TryShipAsync(default);
        while (process.Trail.TryRecord(LongRecord(0)))
        {
        }

        for (var i = 0; i < 200; i++)
        {
            process.Trail.TryRecord(LongRecord(i)).ShouldBeFalse();
        }

        _world.Fake.FailsBefore = null;
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();

        process.Trail.Folder!.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public async Task Memory_takes_as_many_records_as_it_may_hold_and_storage_has_them_in_order()
    {
        const int Capacity = 100;
        File.WriteAllText(_world.JournalDirectory, "a file where the folder should be");
        using var process = _world.Start(o => o.QueueCapacity = Capacity);
        await process.Shipper.TryOpenAsync(default);

        for (var i = 0; i < Capacity; i++)
        {
            process.Trail.TryRecord(AuditWorld.Record(i)).ShouldBeTrue();
        }

        process.Trail.TryRecord(AuditWorld.Record(Capacity)).ShouldBeFalse();
        (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(Capacity)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(Enumerable.Range(0, Capacity + 1).Select(i => $"request-{i}"));
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Memory_takes_no_record_past_one_that_the_journal_has()
    {
        using var process = _world.Start(o => o.MaxJournalBytes = 1 << 20);
        await process.Shipper.TryOpenAsync(default);
        var taken = Fill(process.Trail);
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue("memory has room");
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue("memory has room");
        process.Trail.Folder!.Release(taken);
        process.Trail.TryRecord(AuditWorld.Record(2)).ShouldBeTrue("the journal has room");
        taken = Fill(process.Trail);

        process.Trail.TryRecord(AuditWorld.Record(3)).ShouldBeFalse();
        process.Trail.Folder.Release(taken);
        process.Trail.TryRecord(AuditWorld.Record(4)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        (await _world.ReadAsync()).Select(e => e.Text("request")).ShouldBe(["request-0", "request-1", "request-2", "request-4"]);
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    public void Dispose() => _world.Dispose();

    // Some 18 KB.
    private static AuditRecord LongRecord(int number) => new()
    {
        Action = "ModelInfer",
        Outcome = "served",
        RequestId = $"request-{number}",
        Principal = AuditWorld.Caller(),
        Verdicts = [.. Enumerable.Repeat(new AuditVerdict(new string('r', 256), 1), 64)],
    };

    private static long Fill(AuditTrail trail)
    {
        var taken = 0L;
        for (var bytes = 1024; bytes > 0; bytes /= 2)
        {
            while (trail.Folder!.TryReserve(bytes))
            {
                taken += bytes;
            }
        }

        return taken;
    }
}
