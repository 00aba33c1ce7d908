using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// The numbers that tensors are made of: <c>-0.1234567</c>, <c>12</c>, <c>3.25</c>, without exponent and with up to 18 digits. Anything
/// else, and the last numbers of a body, are left to <see cref="JsonNumber"/>, which knows the whole grammar.
/// </summary>
internal static class PlainDecimal
{
    // Bytes that may be looked at from the number's start: sign, whole digits, point, three times eight.
    private const int Reach = 1 + MaxWhole + 1 + 24;
    private const int MaxWhole = 9;

    private static readonly double[] Powers =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

    private static readonly ulong[] Shift = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Reads a number at an offset, with at most two roundings.</summary>
    /// <param name="json">The document.</param>
    /// <param name="at">The number's first byte.</param>
    /// <param name="length">Its length in bytes; 0 if it is not one of this kind.</param>
    public static double Read(ReadOnlySpan<byte> json, int at, out int length)
    {
        length = 0;
        if (json.Length - at < Reach)
        {
            return 0;
        }

        // Every read below stays within Reach bytes of the number's start.
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(json), at);
        nint index = first == '-' ? 1 : 0;
        uint digit = Unsafe.Add(ref first, index) - (uint)'0';
        if (digit > 9)
        {
            return 0;
        }

        ulong mantissa = digit;
        var whole = index++;
        var second = Unsafe.Add(ref first, index) - (uint)'0';
        if (second <= 9)
        {
            if (digit == 0)
            {
                return 0;
            }

            do
            {
                mantissa = (mantissa * 10) + second;
                second = Unsafe.Add(ref first, ++index) - (uint)'0';
            }
            while (second <= 9 && index - whole < MaxWhole);
        }

        var fraction = 0;
        if (Unsafe.Add(ref first, index) == '.')
        {
            index++;
            fraction = Take(ref Unsafe.Add(ref first, index), ref mantissa);
            if (fraction == 8)
            {
                fraction += Take(ref Unsafe.Add(ref first, index + 8), ref mantissa);
                if (fraction == 16)
                {
                    fraction += Take(ref Unsafe.Add(ref first, index + 16), ref mantissa);
                }
            }

            // A point without digits; or more digits than a 64-bit integer surely holds.
            if (fraction == 0 || fraction + (index - whole - 1) > 18)
            {
                return 0;
            }

            index += fraction;
        }

        var next = Unsafe.Add(ref first, index);
        if ((next | 0x20) == 'e' || next - (uint)'0' <= 9)
        {
            return 0;
        }

        length = (int)index;
        var value = (long)mantissa / Powers[fraction];
        return first == '-' ? -value : value;
    }

    // Eight characters: how many of them are digits comes from one comparison, their value from three multiplications.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Take(ref byte text, ref ulong mantissa)
    {
        var digits = Unsafe.ReadUnaligned<ulong>(ref text) ^ 0x3030_3030_3030_3030;
        var others = ((digits + 0x0606_0606_0606_0606) | digits) & 0xF0F0_F0F0_F0F0_F0F0;
        var count = BitOperations.TrailingZeroCount(others) >> 3;
        if (count == 0)
        {
            return 0;
        }

        digits <<= 64 - (count * 8);
        digits = (digits * 10) + (digits >> 8);
        digits = (((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + (((digits >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
        mantissa = (mantissa * Shift[count]) + digits;
        return count;
    }
}
