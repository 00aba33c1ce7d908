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

    public void Dispose() => _world.Dispose();

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
