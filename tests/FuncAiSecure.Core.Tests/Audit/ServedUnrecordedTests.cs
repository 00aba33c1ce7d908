using FuncAiSecure.Core.Audit;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Requests that a deployment has chosen to serve although no record of them can be kept.</summary>
public sealed class ServedUnrecordedTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task Served_before_the_secret_is_there_is_counted_and_told_by_the_first_record()
    {
        using var process = _world.Start(o => o.WhenUnrecordable = UnrecordableAction.Serve);
        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();

        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(2)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(3)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        process.Trail.Lost.ShouldBe(2);
        await ShouldTellAsync(("request-2", "2"), ("request-3", null));
    }

    [Fact]
    public async Task Served_unrecorded_by_choice_is_counted_in_the_next_record()
    {
        using var process = await StartWithoutJournalAndStorageAsync();

        process.Trail.Refuses.ShouldBeFalse();
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();
        process.Trail.TryRecord(AuditWorld.Record(2)).ShouldBeTrue();
        _world.Fake.FailsBefore = null;
        await process.Shipper.TryShipAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(3)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        process.Trail.Lost.ShouldBe(2);
        await ShouldTellAsync(("request-0", null), ("request-3", "2"));
    }

    [Fact]
    public async Task Served_unrecorded_before_midnight_is_told_by_the_next_days_first_record()
    {
        using var process = await StartWithoutJournalAndStorageAsync();
        process.Trail.TryRecord(AuditWorld.Record(1)).ShouldBeTrue();

        _world.Time.Advance(TimeSpan.FromDays(1));
        process.Trail.RollOver();
        _world.Fake.FailsBefore = null;
        await process.Shipper.TryShipAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(2)).ShouldBeTrue();
        await process.Shipper.StoppedAsync(default);

        await ShouldTellAsync(("request-0", null), ("request-2", "1"));
    }

    [Fact]
    public void Refused_is_not_counted_as_served()
    {
        using var process = _world.Start();

        process.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeFalse();

        process.Trail.Lost.ShouldBe(0);
    }

    public void Dispose() => _world.Dispose();

    // With one record taken, and storage known to be away.
    private async Task<AuditProcess> StartWithoutJournalAndStorageAsync()
    {
        File.WriteAllText(_world.JournalDirectory, "a file where the folder should be");
        var process = _world.Start(o => o.WhenUnrecordable = UnrecordableAction.Serve);
        await process.Shipper.TryOpenAsync(default);
        process.Trail.TryRecord(AuditWorld.Record(0));
        _world.Fake.FailsBefore = () => true;
        await process.Shipper.TryShipAsync(default);
        return process;
    }

    private async Task ShouldTellAsync(params (string? Request, string? Lost)[] told) =>
        (await _world.ReadAsync()).Select(e => (e.Text("request"), e.Text("lost"))).ShouldBe(told);
}
