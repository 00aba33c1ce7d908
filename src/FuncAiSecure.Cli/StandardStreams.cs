using System.Runtime.InteropServices;

namespace FuncAiSecure.Cli;

/// <summary>
/// Standard input and output as they are. The runtime's own streams take a reader that is gone for one that has read all, and a
/// descriptor that was closed before the program began for whatever the runtime has opened in its place: its own pipes.
/// </summary>
internal static partial class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>Standard input.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static Stream OpenInput() =>
        IsInherited(Input) ? Console.OpenStandardInput() : throw new IOException("Standard input is closed.");

    /// <summary>Standard output.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static TextWriter OpenOutput() =>
        !IsInherited(Output) ? throw new IOException("Standard output is closed.")
        : OperatingSystem.IsWindows() ? Console.Out
        : new StreamWriter(new DescriptorStream(Output)) { AutoFlush = true };

    /// <summary>Standard error, or nothing where it is closed.</summary>
    public static TextWriter OpenError() => IsInherited(Error) ? Console.Error : TextWriter.Null;

    // What a program inherits is kept open over its own beginning; what the runtime opens is marked to be closed at the next.
    private static bool IsInherited(int descriptor) =>
        OperatingSystem.IsWindows() || FileControl(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(int descriptor, int command);
}
