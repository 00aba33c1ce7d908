using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace FuncAiSecure.Core.Audit.Journal;

/// <summary>
/// A segment that is being written. Its room is set aside at once and mapped, so that a frame is a copy into pages that the system
/// keeps: it outlives the process like a write, and neither waits for a flush that goes on nor costs a system call. A disk without that
/// much room is used up by plain writes. One thread appends at a time; another may flush.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>Frames that do not fit any more go to the next segment.</summary>
    public const int MaxBytes = 4 << 20;

    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private long _length;
    private long _flushed;
    private volatile bool _hasFailed;

    /// <summary>Makes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="header">What it begins with.</param>
    /// <param name="room">Bytes of the disk to set aside, <see cref="MaxBytes"/> at least.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The disk refuses.</exception>
    public SegmentWriter(string path, ReadOnlySpan<byte> header, long room = MaxBytes)
    {
        _file = Open(path, room, out var isReserved);
        try
        {
            RandomAccess.Write(_file, header, 0);
            _length = header.Length;
            if (isReserved)
            {
                _map = MemoryMappedFile.CreateFromFile(_file, null, MaxBytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
                _view = _map.CreateViewAccessor(0, MaxBytes, MemoryMappedFileAccess.ReadWrite);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>False where a frame does not fit, or where the disk did not take what was written before.</summary>
    public bool Takes(int bytes) => !_hasFailed && _length + bytes <= MaxBytes;

    /// <summary>Appends a frame, whose first four bytes are its length.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (_view is null)
        {
            RandomAccess.Write(_file, frame, _length);
        }
        else
        {
            // The length last: a process that ends in between leaves zeros there, which end the segment, and no frame that does not verify.
            var memory = _view.SafeMemoryMappedViewHandle;
            memory.WriteSpan((ulong)_length + sizeof(int), frame[sizeof(int)..]);
            Interlocked.MemoryBarrier();
            memory.WriteSpan((ulong)_length, frame[..sizeof(int)]);
        }

        _length += frame.Length;
    }

    /// <summary>Hands what was written to the disk itself; if that fails, <see cref="Takes"/> says no from then on.</summary>
    public void Flush()
    {
        var length = Volatile.Read(ref _length);
        if (length == _flushed)
        {
            return;
        }

        try
        {
            // Windows writes pages of a map by the first call alone, and files by the second.
            _view?.Flush();
            RandomAccess.FlushToDisk(_file);
            _flushed = length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
        }
        catch (ObjectDisposedException)
        {
            // Left in between. What it holds is in the system's hands, and in the table soon.
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }

    private static SafeFileHandle Open(string path, long room, out bool isReserved)
    {
        const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
        try
        {
            isReserved = true;
            return File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, Shared, preallocationSize: room);
        }
        catch (IOException)
        {
            isReserved = false;
            return File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, Shared);
        }
    }
}
