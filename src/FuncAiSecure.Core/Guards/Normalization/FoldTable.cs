using System.Buffers.Binary;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>What a code point is to a guard's reader.</summary>
internal enum FoldClass : byte
{
    /// <summary>Something seen.</summary>
    Visible,

    /// <summary>Default-ignorable: zero width, directional control, tag, variation selector.</summary>
    Hidden,

    /// <summary>A combining mark on the letter before it.</summary>
    Mark,
}

/// <summary>
/// Unicode in one table, made by eng/guards/make-fold-table.py: compatibility forms and case folded (NFKC_Casefold), accents of
/// Latin, Greek and Cyrillic letters removed, and for signs that look like an ASCII letter or digit, that one. A table of its own
/// because the process runs without ICU, where <see cref="string.Normalize()"/> does nothing.
/// </summary>
internal sealed class FoldTable
{
    private const int PageBits = 8;
    private readonly ushort[] _pages = new ushort[0x110000 >> PageBits];
    private readonly ushort[] _entries;
    private readonly FoldClass[] _classes;
    private readonly char[] _skeletons;
    private readonly ushort[] _starts;
    private readonly byte[] _lengths;
    private readonly char[] _pool;

    private FoldTable(ReadOnlySpan<byte> data)
    {
        (int records, int units, int pages) = Measure(data);
        _classes = new FoldClass[records + 1];
        _skeletons = new char[records + 1];
        _starts = new ushort[records + 1];
        _lengths = new byte[records + 1];
        _pool = new char[units];
        _entries = new ushort[(pages + 1) << PageBits];
        Fill(data);
    }

    /// <summary>The one table of the process.</summary>
    public static FoldTable Shared { get; } = new(EmbeddedFile.Read("Guards.fold.bin"));

    /// <summary>What stands for the code point, or an empty span with false when it stands for itself.</summary>
    public bool TryFold(int codePoint, out ReadOnlySpan<char> folded, out FoldClass kind, out char skeleton)
    {
        int entry = _entries[(_pages[codePoint >> PageBits] << PageBits) | (codePoint & ((1 << PageBits) - 1))];
        folded = _pool.AsSpan(_starts[entry], _lengths[entry]);
        kind = _classes[entry];
        skeleton = _skeletons[entry];
        return entry != 0;
    }

    private static (int Records, int Units, int Pages) Measure(ReadOnlySpan<byte> data)
    {
        int records = 0, units = 0;
        HashSet<int> pages = [];
        for (int at = 0; at < data.Length; at += 6 + (2 * data[at + 5]))
        {
            records++;
            units += data[at + 5];
            _ = pages.Add(CodePoint(data[at..]) >> PageBits);
        }

        return (records, units, pages.Count);
    }

    private static int CodePoint(ReadOnlySpan<byte> record) => record[0] | (record[1] << 8) | (record[2] << 16);

    private void Fill(ReadOnlySpan<byte> data)
    {
        int record = 0, unit = 0, page = 0;
        for (int at = 0; at < data.Length; at += 6 + (2 * data[at + 5]))
        {
            record++;
            int codePoint = CodePoint(data[at..]);
            ref ushort slot = ref _pages[codePoint >> PageBits];
            if (slot == 0)
            {
                slot = (ushort)++page;
            }

            _entries[(slot << PageBits) | (codePoint & ((1 << PageBits) - 1))] = (ushort)record;
            _classes[record] = (FoldClass)data[at + 3];
            _skeletons[record] = (char)data[at + 4];
            _starts[record] = (ushort)unit;
            _lengths[record] = data[at + 5];
            for (int i = 0; i < data[at + 5]; i++)
            {
                _pool[unit++] = (char)BinaryPrimitives.ReadUInt16LittleEndian(data[(at + 6 + (2 * i))..]);
            }
        }
    }
}
