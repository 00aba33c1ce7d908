using System.IO.Compression;
using System.Text;
using FuncAiSecure.Core.Audit.Storage;

namespace FuncAiSecure.Core.Tests.Audit;

public sealed class PackedLinesTests
{
    [Fact]
    public void What_is_packed_unpacks_to_the_same_bytes()
    {
        var random = new Random(11);
        foreach (var length in Enumerable.Range(0, 200).Append(PackedLines.MaxBytes - 1).Append(PackedLines.MaxBytes))
        {
            var lines = Printable(random, length);
            PackedLines.Unpack(PackedLines.Pack(lines)).ShouldBe(lines);
        }
    }

    [Fact]
    public void Records_pack_to_a_sixth_or_less()
    {
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 120).Select(i =>
            $$"""{"time":"2026-11-22T16:47:{{i % 60:00}}.{{i * 7919:0000000}}+00:00","request":"{{Guid.CreateVersion7():n}}","who":"20db02346e08d20adac78ce2","credentialKind":"ApiKey","network":"127.0.0.0/24","action":"ModelInfer","model":"wine","version":1,"outcome":"served","status":200,"units":3}""")));

        PackedLines.Pack(lines).Length.ShouldBeLessThan(lines.Length / 6);
    }

    [Fact]
    public void More_than_a_row_holds_is_not_packed() =>
        Should.Throw<ArgumentOutOfRangeException>(() => PackedLines.Pack(new byte[PackedLines.MaxBytes + 1]));

    [Theory]
    [InlineData(PackedLines.MaxBytes + 1)]
    [InlineData(100_000_000)]
    public void What_unpacks_to_more_than_a_row_holds_is_refused(int length)
    {
        using var bomb = new MemoryStream();
        using (var packer = new BrotliStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(new byte[length]);
        }

        PackedLines.Unpack(bomb.ToArray()).ShouldBeNull();
    }

    [Fact]
    public void What_was_cut_lengthened_or_is_something_else_is_refused()
    {
        var packed = PackedLines.Pack(Printable(new Random(13), 500));

        PackedLines.Unpack([]).ShouldBeNull();
        PackedLines.Unpack([.. packed, 0]).ShouldBeNull();
        PackedLines.Unpack("""{"time":"2026-11-22T16:47:00Z"}"""u8).ShouldBeNull();
        for (var kept = 1; kept < packed.Length; kept++)
        {
            PackedLines.Unpack(packed.AsSpan(0, kept)).ShouldBeNull();
        }
    }

    private static byte[] Printable(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(' ', '~'))];
}
