using System.Numerics;
using System.Runtime.Intrinsics;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>
/// Eight minima of differently hashed words, a byte of each (b-bit minwise hashing, Li and König 2010): two texts agree in about
/// as many bytes of eight as they share words. The words themselves cannot be told from it, and it never leaves the process.
/// </summary>
public static class InputSketch
{
    private const int Edge = 256;
    private const int MaxNumbers = 128;
    private const int SameBytes = 5;
    private static readonly Vector256<uint> Factors = Vector256.Create(
        0x9E3779B1u, 0x85EBCA77u, 0xC2B2AE3Du, 0x27D4EB2Fu, 0x165667B1u, 0xD3A2646Du, 0xFD7046C5u, 0xB55A4F09u);

    /// <summary>The sketch of a text's first and last 256 characters; 0 of one without a word.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var minima = Vector256<uint>.AllBitsSet;
        if (text.Length <= 2 * Edge)
        {
            minima = Add(minima, text);
        }
        else
        {
            minima = Add(minima, text[..Edge]);
            minima = Add(minima, text[^Edge..]);
        }

        return Pack(minima);
    }

    /// <summary>
    /// The sketch of a row of numbers, with each number's place, sign, power of two and which half of it as its word: rows are near where
    /// most numbers are about the same. Of longer rows 128 numbers at even steps count.
    /// </summary>
    public static ulong Of(ReadOnlySpan<float> row)
    {
        var minima = Vector256<uint>.AllBitsSet;
        var step = Math.Max(1, (row.Length + MaxNumbers - 1) / MaxNumbers);
        for (var i = 0; i < row.Length; i += step)
        {
            minima = Min(minima, (((uint)i * 0x01000193) ^ (BitConverter.SingleToUInt32Bits(row[i]) >> 22)) * 0x9E3779B1u);
        }

        return Pack(minima);
    }

    /// <summary>Whether two sketches agree in at least five bytes of eight.</summary>
    public static bool AreNear(ulong left, ulong right)
    {
        var differing = left ^ right;
        differing |= differing >> 4;
        differing |= differing >> 2;
        differing |= differing >> 1;
        return 8 - BitOperations.PopCount(differing & 0x0101010101010101) >= SameBytes;
    }

    private static ulong Pack(Vector256<uint> minima)
    {
        if (minima == Vector256<uint>.AllBitsSet)
        {
            return 0;
        }

        ulong sketch = 0;
        for (var lane = 0; lane < Vector256<uint>.Count; lane++)
        {
            sketch = (sketch << 8) | (minima[lane] & 0xFF);
        }

        return sketch | 1;
    }

    private static Vector256<uint> Add(Vector256<uint> minima, ReadOnlySpan<char> text)
    {
        var word = 0u;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                word = (word + (c | 0x20u) + 1) * 0x01000193;
            }
            else if (word != 0)
            {
                minima = Min(minima, word);
                word = 0;
            }
        }

        return word == 0 ? minima : Min(minima, word);
    }

    private static Vector256<uint> Min(Vector256<uint> minima, uint word)
    {
        var mixed = Vector256.Create(word ^ (word >> 15)) * Factors;
        mixed ^= mixed >>> 13;
        return Vector256.Min(minima, mixed * Vector256.Create(0x5BD1E995u));
    }
}
