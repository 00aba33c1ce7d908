using System.Buffers.Binary;
using FuncAiSecure.Core.Audit.Journal;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class SegmentWriterTests : IDisposable
{
    private static readonly byte[] Header = [.. "header"u8];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("funcai-segment-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "segment");

    /// <summary>More than any disk has: the plain writes of a disk that is nearly full.</summary>
    public static TheoryData<long> Rooms => [SegmentWriter.MaxBytes, long.MaxValue / 2];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void What_was_appended_stands_in_the_file_before_anything_is_flushed_or_closed(long room)
    {
        using var segment = new SegmentWriter(Path, Header, room);

        segment.Append(Frame(100, 1));
        segment.Append(Frame(7, 2));

        byte[] expected = [.. Header, .. Frame(100, 1), .. Frame(7, 2)];
        Read()[..expected.Length].ShouldBe(expected);
        Read()[expected.Length..].ShouldAllBe(b => b == 0);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void It_takes_what_fits_and_nothing_more(long room)
    {
        using var segment = new SegmentWriter(Path, Header, room);
        var most = SegmentWriter.MaxBytes - Header.Length;

        segment.Takes(most).ShouldBeTrue();
        segment.Takes(most + 1).ShouldBeFalse();
        segment.Append(Frame(most - 8, 3));

        segment.Takes(8).ShouldBeTrue();
        segment.Takes(9).ShouldBeFalse();
    }

    [Fact]
    public void A_map_is_set_aside_in_full()
    {
        using var segment = new SegmentWriter(Path, Header);

        new FileInfo(Path).Length.ShouldBe(SegmentWriter.MaxBytes);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_flush_after_the_end_is_no_fault(long room)
    {
        var segment = new SegmentWriter(Path, Header, room);
        segment.Append(Frame(10, 1));
        segment.Flush();
        segment.Append(Frame(10, 1));
        segment.Dispose();

        Should.NotThrow(segment.Flush);
    }

    [Fact]
    public void A_folder_that_is_gone_is_refused()
    {
        _folder.Delete();

        Should.Throw<IOException>(() => new SegmentWriter(Path, Header));
        _folder.Create();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Frame(int length, byte content)
    {
        var frame = Enumerable.Repeat(content, length).ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        return frame;
    }

    private byte[] Read()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
