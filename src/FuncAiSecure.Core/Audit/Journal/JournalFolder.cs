using FuncAiSecure.Core.Audit.Chains;

namespace FuncAiSecure.Core.Audit.Journal;

/// <summary>
/// One process's folder in the journal directory. A lock file says whether the process lives: the system drops the lock however
/// the process ends, and the next process on the machine takes over what it left.
/// </summary>
internal sealed class JournalFolder : IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;
    private readonly long _maxBytes;
    private long _bytes;

    private JournalFolder(string path, FileStream @lock, long maxBytes)
    {
        Path = path;
        _lock = @lock;
        _maxBytes = maxBytes;
    }

    public string Path { get; }

    /// <summary>Makes this process's folder; null where the disk refuses.</summary>
    public static JournalFolder? TryCreate(string directory, string instance, long maxBytes)
    {
        try
        {
            var path = System.IO.Path.Combine(directory, instance);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new JournalFolder(path, Lock(path), maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Takes over the folders of processes that have ended.</summary>
    public static IEnumerable<JournalFolder> TakeOver(string directory, string exceptInstance)
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal).ToList())
        {
            if (System.IO.Path.GetFileName(path) != exceptInstance && File.Exists(System.IO.Path.Combine(path, LockName)) && TryLock(path) is { } held)
            {
                yield return new JournalFolder(path, held, 0);
            }
        }
    }

    public IReadOnlyList<string> Segments() => [.. Directory.EnumerateFiles(Path, "*.journal").Order(StringComparer.Ordinal)];

    public string SegmentPath(string chain, long firstSequence) => System.IO.Path.Combine(Path, $"{chain}.{firstSequence:D10}.journal");

    /// <summary>Whether any record fits.</summary>
    public bool HasRoom => Interlocked.Read(ref _bytes) + Frame.MaxLength <= _maxBytes;

    /// <summary>Sets room aside for bytes about to be written; false when the journal is full.</summary>
    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= _maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    public void Release(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    /// <summary>Deletes the folder with everything in it, unless somebody else has; where the disk refuses, another process will.</summary>
    public void Delete()
    {
        _lock.Dispose();
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process that left it was still at its end, or an operator has cleaned up. What is in it is stored: nothing waits for this.
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path)
    {
        try
        {
            return Lock(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileStream Lock(string path) =>
        new(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
