using FuncAiSecure.Core.Audit;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Of which days verification speaks, and from when on.</summary>
public sealed class VerifiedDaysTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task A_trail_holds_the_checkpoint_that_was_just_taken()
    {
        await _world.StoreAsync(3);
        var checkpoint = (await _world.VerifyAsync()).Checkpoint;

        (await _world.VerifyAsync(checkpoint)).IsIntact.ShouldBeTrue();
    }

    [Fact]
    public async Task Days_bound_what_is_verified()
    {
        var day = DateOnly.FromDateTime(_world.Time.GetUtcNow().UtcDateTime);
        await _world.StoreAsync(3);
        _world.Time.Advance(TimeSpan.FromDays(1));
        await _world.StoreAsync(1, from: 200);
        _world.Fake.Remove(_world.Fake.Rows.Single(row => row.PartitionKey.StartsWith("c-20261123", StringComparison.Ordinal) && row.RowKey != "head"));
        _world.Fake.Put(new("c-20261124-another", "head"));

        (await VerifyAsync(null, day)).ShouldBe((3, 0));
        (await VerifyAsync(day, day)).ShouldBe((3, 0));
        (await VerifyAsync(day.AddDays(1), day.AddDays(1))).ShouldBe((0, 1));
        (await VerifyAsync(day.AddDays(2), day.AddDays(2))).ShouldBe((0, 1));
        (await VerifyAsync(day.AddDays(3), null)).ShouldBe((0, 0));
        (await VerifyAsync(null, null)).ShouldBe((3, 2));
    }

    public void Dispose() => _world.Dispose();

    private async Task<(long Records, int Faults)> VerifyAsync(DateOnly? from, DateOnly? to)
    {
        var verification = await _world.Archive.VerifyAsync(from, to, null, default);
        return (verification.Records, verification.Faults.Length);
    }
}
