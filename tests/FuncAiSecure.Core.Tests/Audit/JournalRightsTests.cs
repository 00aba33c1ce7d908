using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>A journal's folder on which the system refuses what it allowed before; the trail is only a part of the app, and storage is well.</summary>
public sealed class JournalRightsTests : IDisposable
{
    private readonly AuditWorld _world = new();

    [Fact]
    public void A_journal_directory_that_cannot_be_listed_keeps_nobody_from_serving()
    {
        using var process = _world.Start();
        With(UnixFileMode.None, () =>
        {
            process.Shipper.TryOpenAsync(default).GetAwaiter().GetResult().ShouldBeTrue();
            process.Shipper.TendAsync(default).GetAwaiter().GetResult();
        });

        process.Trail.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task An_ended_processs_folder_that_cannot_be_deleted_leaves_storage_well()
    {
        using (var first = _world.Start())
        {
            await first.Shipper.TryOpenAsync(default);
            first.Trail.TryRecord(AuditWorld.Record(0)).ShouldBeTrue();
            first.Kill();
        }

        using var second = _world.Start();
        await second.Shipper.TryOpenAsync(default);
        With(
            UnixFileMode.UserRead | UnixFileMode.UserExecute,
            () => second.Shipper.TryShipAsync(default).GetAwaiter().GetResult().ShouldBeTrue());

        second.Trail.StorageIsHealthy.ShouldBeTrue();
        (await _world.VerifyAsync()).IsIntact.ShouldBeTrue();
    }

    public void Dispose() => _world.Dispose();

    private void With(UnixFileMode mode, Action action)
    {
        if (OperatingSystem.IsLinux())
        {
            Modes.With(_world.JournalDirectory, mode, action);
        }
    }
}
