using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.Core.Audit.Chains;

/// <summary>
/// A chained record as it lies in memory and journal: length, sequence, code, the names that its pseudonyms stand for where this
/// is their first record, each behind its length, and the record's bytes. One array; everything else is a view.
/// </summary>
internal readonly struct Frame(ReadOnlyMemory<byte> bytes)
{
    public const int MaxLength = 1 << 16;

    private const int SequenceAt = sizeof(int);
    private const int MacAt = SequenceAt + sizeof(long);
    private const int NamesLengthAt = MacAt + AuditKeys.MacLength;
    private const int NamesAt = NamesLengthAt + sizeof(ushort);

    public ReadOnlyMemory<byte> Bytes => bytes;

    public long Sequence => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[SequenceAt..]);

    public ReadOnlySpan<byte> Mac => bytes.Span.Slice(MacAt, AuditKeys.MacLength);

    /// <summary>The sealed names of principals that are new with this record; what does not have their form ends them.</summary>
    public IEnumerable<byte[]> Names
    {
        get
        {
            for (var rest = bytes.Slice(NamesAt, NamesLength); TryReadName(ref rest, out var name);)
            {
                yield return name;
            }
        }
    }

    public ReadOnlySpan<byte> Body => bytes.Span[(NamesAt + NamesLength)..];

    private int NamesLength => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[NamesLengthAt..]);

    /// <summary>Where the record begins, after these names.</summary>
    public static int BodyAt(List<byte[]> names)
    {
        var at = NamesAt;
        foreach (var name in names)
        {
            at += sizeof(ushort) + name.Length;
        }

        return at;
    }

    public static void WriteNames(Span<byte> frame, List<byte[]> names)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame[NamesLengthAt..], (ushort)(BodyAt(names) - NamesAt));
        var rest = frame[NamesAt..];
        foreach (var name in names)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)name.Length);
            name.CopyTo(rest[sizeof(ushort)..]);
            rest = rest[(sizeof(ushort) + name.Length)..];
        }
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
        if (source.Length < NamesAt)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(source.Span);
        if (length < NamesAt || length > MaxLength || length > source.Length)
        {
            return false;
        }

        var found = new Frame(source[..length]);
        if (NamesAt + found.NamesLength > length)
        {
            return false;
        }

        frame = found;
        source = source[length..];
        return true;
    }

    private static bool TryReadName(ref ReadOnlyMemory<byte> rest, [NotNullWhen(true)] out byte[]? name)
    {
        name = null;
        if (rest.Length < sizeof(ushort) || rest.Length - sizeof(ushort) < BinaryPrimitives.ReadUInt16LittleEndian(rest.Span))
        {
            return false;
        }

        var end = sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
        name = rest[sizeof(ushort)..end].ToArray();
        rest = rest[end..];
        return true;
    }
}
