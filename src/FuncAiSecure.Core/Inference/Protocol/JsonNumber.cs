using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// Reads JSON numbers (RFC 8259 section 6) out of UTF-8. Floats equal <c>float.Parse</c> and <c>double.Parse</c> bit for bit:
/// the quick way is taken only where its error provably cannot change the rounding, and the framework decides the rest.
/// </summary>
internal static class JsonNumber
{
    // Up to 18 digits fit a signed 64-bit integer, so that the conversion to double is one correctly rounded instruction.
    private const int QuickDigits = 18;

    private const long ExactInDouble = 1L << 53;

    // Powers that a double holds exactly.
    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static readonly ulong[] Shift = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>What became of a number.</summary>
    public enum Outcome
    {
        /// <summary>Read.</summary>
        Ok,

        /// <summary>Not a number of the JSON grammar.</summary>
        NotANumber,

        /// <summary>A number that the type cannot hold.</summary>
        OutOfRange,

        /// <summary>A number with a fraction or an exponent where a whole number belongs.</summary>
        NotWhole,
    }

    /// <summary>Reads a single; <paramref name="at"/> moves behind the number unless it is not one.</summary>
    public static Outcome ReadSingle(ReadOnlySpan<byte> json, ref int at, out float value)
    {
        var wide = PlainDecimal.Read(json, at, out var length);
        if (length > 0 && IsFarFromTie(wide))
        {
            at += length;
            value = (float)wide;
            return Outcome.Ok;
        }

        return ReadAnySingle(json, ref at, out value);
    }

    /// <summary>Reads a double; <paramref name="at"/> moves behind the number unless it is not one.</summary>
    public static Outcome ReadDouble(ReadOnlySpan<byte> json, ref int at, out double value)
    {
        var start = at;
        value = 0;
        if (!Scan(json, ref at, out var parts))
        {
            return Outcome.NotANumber;
        }

        // Both operands exact, one operation: correctly rounded (W. D. Clinger, "How to read floating point numbers accurately", 1990).
        if (parts.Digits <= QuickDigits && parts.Mantissa <= ExactInDouble && (uint)(parts.Exponent + 22) <= 44)
        {
            var exact = Scale((long)parts.Mantissa, parts.Exponent);
            value = parts.Negative ? -exact : exact;
            return Outcome.Ok;
        }

        value = double.Parse(json[start..at], NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? Outcome.Ok : Outcome.OutOfRange;
    }

    /// <summary>Reads a whole number between the limits; <paramref name="at"/> moves behind the number unless it is not one.</summary>
    public static Outcome ReadInteger(ReadOnlySpan<byte> json, ref int at, long least, ulong most, out ulong bits)
    {
        var start = at;
        bits = 0;
        if (!Scan(json, ref at, out var parts))
        {
            return Outcome.NotANumber;
        }

        if (!parts.Whole)
        {
            return Outcome.NotWhole;
        }

        // Twenty digits may pass 64 bits; the framework tells.
        var magnitude = parts.Mantissa;
        if (parts.Digits > 19 && !ulong.TryParse(json[(parts.Negative ? start + 1 : start)..at], NumberStyles.None, CultureInfo.InvariantCulture, out magnitude))
        {
            return Outcome.OutOfRange;
        }

        bits = parts.Negative ? unchecked(0 - magnitude) : magnitude;
        return magnitude <= (parts.Negative ? unchecked((ulong)-least) : most) ? Outcome.Ok : Outcome.OutOfRange;
    }

    private static Outcome ReadAnySingle(ReadOnlySpan<byte> json, ref int at, out float value)
    {
        var start = at;
        value = 0;
        if (!Scan(json, ref at, out var parts))
        {
            return Outcome.NotANumber;
        }

        if (parts.Digits <= QuickDigits && (uint)(parts.Exponent + 22) <= 44)
        {
            var wide = Scale((long)parts.Mantissa, parts.Exponent);
            if (IsFarFromTie(wide))
            {
                value = (float)(parts.Negative ? -wide : wide);
                return float.IsFinite(value) ? Outcome.Ok : Outcome.OutOfRange;
            }
        }

        value = float.Parse(json[start..at], NumberStyles.Float, CultureInfo.InvariantCulture);
        return float.IsFinite(value) ? Outcome.Ok : Outcome.OutOfRange;
    }

    // At most two roundings of half a unit each: such a double is within 2 units of the true value. The single is therefore
    // right unless the double lies that close to the middle between two singles (bit 28 set, the lower ones clear).
    private static bool IsFarFromTie(double wide) =>
        (uint)((int)(BitConverter.DoubleToInt64Bits(wide) & 0x1FFF_FFFF) - 0x1000_0000 + 4) > 8;

    private static double Scale(long mantissa, int exponent) =>
        exponent < 0 ? mantissa / Powers[-exponent] : mantissa * Powers[exponent];

    // -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
    private static bool Scan(ReadOnlySpan<byte> json, ref int at, out Parts parts)
    {
        parts = default;
        var index = at;
        if (Peek(json, index) == '-')
        {
            parts.Negative = true;
            index++;
        }

        var first = index;
        var mantissa = 0UL;
        var leadingZero = Peek(json, index) == '0';
        if (!TakeDigits(json, ref index, ref mantissa) || (leadingZero && index - first > 1))
        {
            return false;
        }

        parts.Digits = leadingZero ? 0 : index - first;
        parts.Whole = true;
        if (Peek(json, index) == '.')
        {
            var point = ++index;
            if (!TakeDigits(json, ref index, ref mantissa))
            {
                return false;
            }

            parts.Whole = false;
            parts.Digits += index - point;
            parts.Exponent = point - index;
        }

        if ((Peek(json, index) | 0x20) == 'e')
        {
            parts.Whole = false;
            if (!TakeExponent(json, ref index, ref parts.Exponent))
            {
                return false;
            }
        }

        parts.Mantissa = mantissa;
        at = index;
        return true;
    }

    private static bool TakeExponent(ReadOnlySpan<byte> json, ref int index, ref int exponent)
    {
        index++;
        var sign = Peek(json, index);
        if (sign is '+' or '-')
        {
            index++;
        }

        var start = index;
        var value = 0;
        for (int digit; (uint)(digit = Peek(json, index) - '0') <= 9; index++)
        {
            value = Math.Min((value * 10) + digit, 100_000_000);
        }

        exponent += sign == '-' ? -value : value;
        return index > start;
    }

    // The value is only good for up to 19 digits; callers count them. Eight characters at a time: how many of them are digits comes from one comparison, their value from three multiplications.
    private static bool TakeDigits(ReadOnlySpan<byte> json, ref int index, ref ulong mantissa)
    {
        var start = index;
        while (index + 8 <= json.Length)
        {
            var digits = BinaryPrimitives.ReadUInt64LittleEndian(json[index..]) ^ 0x3030_3030_3030_3030;
            var others = ((digits + 0x0606_0606_0606_0606) | digits) & 0xF0F0_F0F0_F0F0_F0F0;
            var count = BitOperations.TrailingZeroCount(others) >> 3;
            if (count == 0)
            {
                return index > start;
            }

            digits <<= 64 - (count * 8);
            digits = (digits * 10) + (digits >> 8);
            digits = (((digits & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
                + (((digits >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
            mantissa = (mantissa * Shift[count]) + digits;
            index += count;
            if (count < 8)
            {
                return true;
            }
        }

        for (int digit; (uint)(digit = Peek(json, index) - '0') <= 9; index++)
        {
            mantissa = (mantissa * 10) + (ulong)digit;
        }

        return index > start;
    }

    private static int Peek(ReadOnlySpan<byte> json, int index) => (uint)index < (uint)json.Length ? json[index] : 0;

    private struct Parts
    {
        public ulong Mantissa;
        public int Exponent;
        public int Digits;
        public bool Negative;
        public bool Whole;
    }
}
