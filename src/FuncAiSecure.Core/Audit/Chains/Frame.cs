using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>
/// A chained record as it lies in memory and journal: length, sequence, code, the name that its pseudonym stands for where this
/// is the pseudonym's first record, and the record's bytes. One array; everything else is a view.
/// </summary>
internal readonly struct Frame(ReadOnlyMemory<byte> bytes)
{
    public const int MaxLength = 1 << 16;

    private const int SequenceAt = sizeof(int);
    private const int MacAt = SequenceAt + sizeof(long);
    private const int NameLengthAt = MacAt + AuditKeys.MacLength;
    private const int NameAt = NameLengthAt + sizeof(ushort);

    public ReadOnlyMemory<byte> Bytes => bytes;

    public long Sequence => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[SequenceAt..]);

    public ReadOnlySpan<byte> Mac => bytes.Span.Slice(MacAt, AuditKeys.MacLength);

    public ReadOnlySpan<byte> Name => bytes.Span.Slice(NameAt, NameLength);

    public ReadOnlySpan<byte> Body => bytes.Span[(NameAt + NameLength)..];

    private int NameLength => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[NameLengthAt..]);

    /// <summary>Where the record begins, after a name of so many bytes.</summary>
    public static int BodyAt(int nameLength) => NameAt + nameLength;

    public static void WriteName(Span<byte> frame, ReadOnlySpan<byte> name)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame[NameLengthAt..], (ushort)name.Length);
        name.CopyTo(frame[NameAt..]);
    }

    public static void WriteHead(Span<byte> frame, int length, long sequence, ReadOnlySpan<byte> mac)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[SequenceAt..], sequence);
        mac.CopyTo(frame[MacAt..]);
    }

    /// <summary>Takes the first frame off; false where no whole frame stands.</summary>
    public static bool TryRead(ref ReadOnlyMemory<byte> source, [NotNullWhen(true)] out Frame? frame)
    {
        frame = null;
        if (source.Length < NameAt)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(source.Span);
        if (length < NameAt || length > MaxLength || length > source.Length)
        {
            return false;
        }

        var found = new Frame(source[..length]);
        if (NameAt + found.NameLength > length)
        {
            return false;
        }

        frame = found;
        source = source[length..];
        return true;
    }
}
