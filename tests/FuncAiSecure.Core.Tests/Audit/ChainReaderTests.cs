using FuncAiSecure.Core.Audit.Reading;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>Reading a chain that grows while it is read.</summary>
public sealed class ChainReaderTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public async Task A_caller_first_seen_while_its_chain_is_read_is_named()
    {
        using var process = _world.Start();
        (await process.Shipper.TryOpenAsync(default)).ShouldBeTrue();
        for (var i = 0; i < 100; i++)
        {
            await RecordAsync(i, "caller-1");
        }

        await using var reading = _world.Archive.ReadAsync(new AuditQuery(), null, default).GetAsyncEnumerator();
        (await reading.MoveNextAsync()).ShouldBeTrue();
        await RecordAsync(100, "newcomer");
        var last = reading.Current;
        while (await reading.MoveNextAsync())
        {
            last = reading.Current;
        }

        last.Principal.ShouldBe("newcomer");

        async Task RecordAsync(int number, string caller)
        {
            process.Trail.TryRecord(AuditWorld.Record(number, caller)).ShouldBeTrue();
            (await process.Shipper.TryShipAsync(default)).ShouldBeTrue();
        }
    }

    public void Dispose() => _world.Dispose();
}
