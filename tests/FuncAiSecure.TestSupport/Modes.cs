using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FuncAiSecure.TestSupport;

/// <summary>Directories on which the system refuses what it allowed before, also to root.</summary>
public static class Modes
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private delegate int CapabilityCall(int[] header, [In, Out] uint[] sets);

    /// <summary>Does something, on a thread of its own, while a directory has another mode.</summary>
    /// <param name="directory">The directory; afterwards it is its owner's.</param>
    /// <param name="mode">Its mode meanwhile.</param>
    /// <param name="action">What is done: only this thread obeys modes.</param>
    [SupportedOSPlatform("linux")]
    public static void With(string directory, UnixFileMode mode, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Obey();
                action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        File.SetUnixFileMode(directory, mode);
        try
        {
            thread.Start();
            thread.Join();
        }
        finally
        {
            File.SetUnixFileMode(directory, OwnerOnly);
        }

        failure?.Throw();
    }

    // Modes say nothing to root: for the rest of its life, this thread is without the capabilities that pass by them (capabilities(7)).
    private static void Obey()
    {
        const uint PassesByModes = 0b110;
        var (header, sets) = (new[] { 0x20080522, 0 }, new uint[6]);
        Call("capget", header, sets);
        sets[0] &= ~PassesByModes;
        Call("capset", header, sets);
    }

    private static void Call(string name, int[] header, uint[] sets)
    {
        var call = Marshal.GetDelegateForFunctionPointer<CapabilityCall>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name));
        if (call(header, sets) != 0)
        {
            throw new InvalidOperationException($"{name} does not give up capabilities.");
        }
    }
}
