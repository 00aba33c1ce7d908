using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Models.Integrity;

/// <summary>Whether a path has a second name: symbolic links everywhere, hard links where the system shows them (Linux).</summary>
internal static partial class FileLinks
{
    // statx(2): mask STATX_NLINK, flag AT_SYMLINK_NOFOLLOW; struct statx has the same layout on every architecture, stx_nlink at 16.
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint LinkCount = 0x4;

    /// <summary>Whether the entry is a symbolic link, a junction or another reparse point.</summary>
    public static bool IsSymbolic(FileSystemInfo entry) => entry.LinkTarget is not null || (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    /// <summary>Whether a file has more than one name.</summary>
    public static unsafe bool HasOtherNames(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var buffer = stackalloc byte[256];
        try
        {
            return StatX(CurrentDirectory, path, NoFollow, LinkCount, buffer) == 0
                && BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(buffer + 16, 4)) > 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* buffer);
}
