using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using FuncAiSecure.Core.Audit.Names;

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

    /// <summary>The sealed names of principals that are new with this record, mostly none; what does not have their form ends them.</summary>
    public IReadOnlyList<byte[]> Names => NamesLength == 0 ? [] : ReadNames(bytes.Span.Slice(NamesAt, NamesLength));

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

    // The record's code does not cover them, as they can be forgotten: a journal on disk may hold anything here.
    private static List<byte[]> ReadNames(ReadOnlySpan<byte> rest)
    {
        var names = new List<byte[]>(2);
        while (BinaryPrimitives.TryReadUInt16LittleEndian(rest, out var length) && length >= SealedName.MinLength && length <= rest.Length - sizeof(ushort))
        {
            names.Add(rest.Slice(sizeof(ushort), length).ToArray());
            rest = rest[(sizeof(ushort) + length)..];
        }

        return names;
    }
}
