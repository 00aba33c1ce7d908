using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Tests.Audit;

/// <summary>A journal's folder on which the system refuses what it allowed before; the trail is only a part of the app, and storage is well.</summary>
public sealed class JournalRightsTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

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

    // On a thread of its own, which these tests' table never leaves.
    private void With(UnixFileMode mode, Action action)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                ObeyModes();
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        File.SetUnixFileMode(_world.JournalDirectory, mode);
        try
        {
            thread.Start();
            thread.Join();
        }
        finally
        {
            File.SetUnixFileMode(_world.JournalDirectory, OwnerOnly);
        }

        failure?.Throw();
    }

    // Modes say nothing to root: for the rest of its life, this thread is without the capabilities that pass by them (capabilities(7)).
    private static void ObeyModes()
    {
        const uint PassesByModes = 0b110;
        var (header, sets) = (new[] { 0x20080522, 0 }, new uint[6]);
        Native("capget")(header, sets).ShouldBe(0);
        sets[0] &= ~PassesByModes;
        Native("capset")(header, sets).ShouldBe(0);
    }

    private static CapabilityCall Native(string name) =>
        Marshal.GetDelegateForFunctionPointer<CapabilityCall>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name));

    private delegate int CapabilityCall(int[] header, [In, Out] uint[] sets);
}
