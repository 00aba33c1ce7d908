namespace FuncAiSecure.LocalVault;

/// <summary>Files that only their owner may read, replaced whole or not at all.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder if needed and takes every right from group and others.</summary>
    public static void MakeFolder(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Keeps the folder for this process until disposed of or ended: two that write the same files would undo each other's changes.</summary>
    /// <exception cref="IOException">Another process has it, or it takes no files; the message says which.</exception>
    public static IDisposable Lock(string folder) => Open(Path.Combine(folder, "lock"), FileMode.OpenOrCreate);

    /// <summary>Writes a file that never exists half written nor, even for an instant, readable to others.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = Open(temporary, FileMode.CreateNew))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, how);
    }
}
