using System.Buffers.Binary;
using System.Collections.Frozen;

namespace FuncAiSecure.Core.Inference.Tokenizers.Unicode;

/// <summary>
/// Decompositions, combining classes and compositions of the Unicode Character Database, made by
/// <c>eng/unicode/make_normalization.py</c>, because <see cref="string.Normalize()"/> does nothing without ICU.
/// </summary>
internal sealed class NormalizationTables
{
    private static readonly Lazy<NormalizationTables> Loaded = new(() => new(EmbeddedFile.Read("FuncAiSecure.Core.normalization.bin")));

    private readonly char[] _pool;
    private readonly FrozenDictionary<int, (int Offset, int Length)> _canonical;
    private readonly FrozenDictionary<int, (int Offset, int Length)> _compatible;
    private readonly FrozenDictionary<int, int> _classes;
    private readonly FrozenDictionary<long, int> _compositions;

    private NormalizationTables(ReadOnlySpan<byte> data)
    {
        var counts = (Read(data, 0), Read(data, 4), Read(data, 8), Read(data, 12));
        var at = 16;
        _canonical = ReadDecompositions(data, ref at, counts.Item1);
        _compatible = ReadDecompositions(data, ref at, counts.Item2);
        _classes = ReadClasses(data, ref at, counts.Item3);
        _compositions = ReadCompositions(data, ref at, counts.Item4);
        _pool = new char[(data.Length - at) / 2];
        for (var i = 0; i < _pool.Length; i++)
        {
            _pool[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(data[(at + (2 * i))..]);
        }
    }

    /// <summary>The tables, read when first asked for.</summary>
    public static NormalizationTables Instance => Loaded.Value;

    /// <summary>The full decomposition of a code point other than a Hangul syllable; empty if it stands for itself.</summary>
    public ReadOnlySpan<char> Decompose(int code, bool compatible)
    {
        var found = compatible && _compatible.TryGetValue(code, out var entry) ? entry
            : _canonical.TryGetValue(code, out entry) ? entry
            : default;
        return _pool.AsSpan(found.Offset, found.Length);
    }

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public int ClassOf(int code) => _classes.GetValueOrDefault(code);

    /// <summary>The primary composite of two code points; 0 if there is none.</summary>
    public int Compose(int first, int second) => _compositions.GetValueOrDefault(((long)first << 32) | (uint)second);

    private static int Read(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt32LittleEndian(data[at..]);

    private static FrozenDictionary<int, (int Offset, int Length)> ReadDecompositions(ReadOnlySpan<byte> data, ref int at, int count)
    {
        var table = new Dictionary<int, (int, int)>(count);
        for (var i = 0; i < count; i++, at += 12)
        {
            table.Add(Read(data, at), (Read(data, at + 4), Read(data, at + 8)));
        }

        return table.ToFrozenDictionary();
    }

    private static FrozenDictionary<int, int> ReadClasses(ReadOnlySpan<byte> data, ref int at, int count)
    {
        var table = new Dictionary<int, int>(count);
        for (var i = 0; i < count; i++, at += 8)
        {
            table.Add(Read(data, at), Read(data, at + 4));
        }

        return table.ToFrozenDictionary();
    }

    private static FrozenDictionary<long, int> ReadCompositions(ReadOnlySpan<byte> data, ref int at, int count)
    {
        var table = new Dictionary<long, int>(count);
        for (var i = 0; i < count; i++, at += 12)
        {
            table.Add(((long)Read(data, at) << 32) | (uint)Read(data, at + 4), Read(data, at + 8));
        }

        return table.ToFrozenDictionary();
    }
}
