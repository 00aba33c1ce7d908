using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled map of characters: the length of a trie in bytes, the trie as a double array of 32-bit units, then the replacements,
/// each ended by a zero. A unit has a label in its low byte, whether a key ends at it in bit 8, and from bit 9 on where its children are,
/// counted from its own place by exclusive or; a key's end is a unit of its own with the top bit and the place of the replacement.
/// </summary>
internal sealed class CharacterMap
{
    private const uint Ends = 1 << 8;
    private const uint IsFar = 1 << 9;
    private const uint IsValue = 1u << 31;
    private const uint Label = IsValue | 0xFF;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads a map.</summary>
    /// <exception cref="TokenizerFormatException">It is cut short or is no such map.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> bytes)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(bytes, out var size) || size is 0 || size % sizeof(uint) != 0 || size > bytes.Length - sizeof(uint))
        {
            throw Malformed("is cut short");
        }

        var units = new uint[size / sizeof(uint)];
        bytes.Slice(sizeof(uint), (int)size).CopyTo(MemoryMarshal.AsBytes(units.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(units, units);
        }

        var replacements = bytes[(sizeof(uint) + (int)size)..].ToArray();
        if (!Utf8.IsValid(replacements) || replacements is not [.., 0])
        {
            throw Malformed("has replacements that are not UTF-8, or one without an end");
        }

        return new CharacterMap(units, replacements);
    }

    /// <summary>What the shortest key that a text begins with becomes, which may be nothing; false where no key does.</summary>
    public bool TryFind(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var at = Offset(_units[0]);
        foreach (var value in text)
        {
            at ^= value;
            if (value == 0 || at >= _units.Length || (_units[at] & Label) != value)
            {
                break;
            }

            var unit = _units[at];
            at ^= Offset(unit);
            if ((unit & Ends) != 0)
            {
                return TryRead(at, out replacement);
            }
        }

        replacement = default;
        return false;
    }

    private bool TryRead(uint at, out ReadOnlySpan<byte> replacement)
    {
        var unit = at < _units.Length ? _units[at] : 0;
        var place = unit & ~IsValue;
        if ((unit & IsValue) == 0 || place >= _replacements.Length)
        {
            replacement = default;
            return false;
        }

        replacement = _replacements.AsSpan((int)place);
        replacement = replacement[..replacement.IndexOf((byte)0)];
        return true;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & IsFar) >> 6);

    private static TokenizerFormatException Malformed(string why) => new("normalizer", $"precompiled_charsmap {why}.");
}
