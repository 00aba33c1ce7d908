using System.Buffers;
using FuncAiSecure.Core.Audit.Chains;
using Microsoft.Win32.SafeHandles;

namespace FuncAiSecure.Core.Audit.Journal;

/// <summary>
/// The frames of one chain on local disk, in segments. A frame is written before its record counts as accepted, so that it outlives
/// the process from then on; it outlives the machine once <see cref="Flush"/> has run. Segments go when all their frames are
/// stored elsewhere. The chain's lock guards writes; reads use handles of their own.
/// </summary>
internal sealed class ChainJournal(JournalFolder folder, string chain, string keyVersion, byte[] chainKey) : IDisposable
{
    // What one read takes, and no less than a frame.
    private const int MaxReadBytes = 1 << 20;

    private readonly List<Segment> _segments = [];
    private SegmentWriter? _active;
    private Segment? _current;

    /// <summary>Opens what a process left of a chain; whole segments, oldest first.</summary>
    public static ChainJournal Reopen(JournalFolder folder, string chain, string keyVersion, byte[] chainKey, IEnumerable<(string Path, long First, long Last)> segments)
    {
        var journal = new ChainJournal(folder, chain, keyVersion, chainKey);
        journal._segments.AddRange(segments.Select(s => new Segment(s.Path, s.First) { Last = s.Last }));
        return journal;
    }

    /// <summary>Writes one frame; false when disk or budget refuse. After a failure the next frame starts a new segment.</summary>
    public bool TryAppend(Frame frame, ReadOnlySpan<byte> previousMac)
    {
        var bytes = frame.Bytes.Span;
        if (!folder.TryReserve(bytes.Length))
        {
            Leave();
            return false;
        }

        try
        {
            if (_active?.Takes(bytes.Length) != true)
            {
                Start(frame.Sequence, previousMac);
            }

            _active!.Append(bytes);
            _current!.Bytes += bytes.Length;
            _current.Last = frame.Sequence;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder.Release(bytes.Length);
            Leave();
            return false;
        }
    }

    /// <summary>Frames from a sequence on, up to another, in order, at most a mebibyte of them; a hole in the journal is stepped over.</summary>
    public List<Frame> Read(long from, long to, int maxCount)
    {
        var frames = new List<Frame>();
        List<Segment> segments;
        lock (_segments)
        {
            segments = [.. _segments.Where(s => s.Last >= from && s.First <= to)];
        }

        foreach (var segment in segments)
        {
            ReadSegment(segment, from, to, maxCount, frames);
            if (frames.Count > 0)
            {
                break;
            }
        }

        return frames;
    }

    /// <summary>Deletes segments that hold nothing after a sequence, except the last one, by which the next process knows the chain.</summary>
    public void Trim(long stored)
    {
        List<Segment> done;
        lock (_segments)
        {
            done = [.. _segments.Where((s, i) => s.Last <= stored && i < _segments.Count - 1)];
            _segments.RemoveAll(done.Contains);
            if (Volatile.Read(ref _active) is null && _segments is [var left] && left.Last <= stored)
            {
                // It was left because the journal was full: what is stored must not keep it so.
                folder.Release(left.Bytes);
                left.Bytes = 0;
            }
        }

        done.ForEach(Delete);
    }

    /// <summary>Hands what was written to the disk itself.</summary>
    public void Flush() => _active?.Flush();

    /// <summary>Deletes every segment: all frames are stored elsewhere.</summary>
    public void Delete()
    {
        Leave();
        lock (_segments)
        {
            _segments.ForEach(Delete);
            _segments.Clear();
        }
    }

    public void Dispose() => Leave();

    private void Delete(Segment segment)
    {
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone with its folder, or for its folder's end: it is stored, and storing goes on.
        }

        folder.Release(segment.Bytes);
    }

    private void Start(long firstSequence, ReadOnlySpan<byte> previousMac)
    {
        Leave();
        var path = folder.SegmentPath(chain, firstSequence);
        var header = new SegmentHeader(chain, keyVersion, firstSequence, previousMac.ToArray()).ToBytes(chainKey);
        _active = new SegmentWriter(path, header);
        _current = new Segment(path, firstSequence) { Last = firstSequence };
        lock (_segments)
        {
            _segments.Add(_current);
        }
    }

    private void Leave()
    {
        _active?.Dispose();
        _active = null;
    }

    private static void ReadSegment(Segment segment, long from, long to, int maxCount, List<Frame> frames)
    {
        using var handle = Open(segment.Path);
        if (handle is null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MaxReadBytes);
        try
        {
            for (var offset = segment.SeekFor(from); frames.Count == 0;)
            {
                ReadOnlyMemory<byte> window = buffer.AsMemory(0, RandomAccess.Read(handle, buffer.AsSpan(0, MaxReadBytes), offset));
                if (offset == 0 && SegmentHeader.Read(window.Span, out _, out _) is { } header)
                {
                    window = window[header.Length..];
                    offset = header.Length;
                }

                var start = offset;
                while (frames.Count < maxCount && Frame.TryRead(ref window, out var frame) && frame.Value.Sequence <= to)
                {
                    offset += frame.Value.Bytes.Length;
                    if (frame.Value.Sequence >= from)
                    {
                        frames.Add(new Frame(frame.Value.Bytes.ToArray()));
                    }
                }

                if (offset == start)
                {
                    return;
                }

                segment.Remember(frames.Count > 0 ? frames[^1].Sequence + 1 : from, offset);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Whoever deletes a journal under a living process makes a hole, which verification names; what comes later must still be sent.
    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private sealed class Segment(string path, long first)
    {
        private (long Sequence, long Offset) _next;

        public string Path => path;

        public long First => first;

        public long Last { get; set; }

        public long Bytes { get; set; }

        // A backlog is read in order: where the last read ended is where the next begins.
        public long SeekFor(long sequence) => _next.Sequence == sequence ? _next.Offset : 0;

        public void Remember(long sequence, long offset) => _next = (sequence, offset);
    }
}
