using System.Buffers;
using System.Globalization;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>Writes JSON pieces as UTF-8 into a buffer writer, without a writer object in between.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\', (byte)0x7F]);

    // Formatted values asked for at once, and the longest of each kind.
    private const int Chunk = 64;
    private const int LongestNumber = 26;

    /// <summary>Writes bytes as they are.</summary>
    public static void Raw(this IBufferWriter<byte> output, ReadOnlySpan<byte> text) => output.Write(text);

    /// <summary>Writes a whole number.</summary>
    public static void Number(this IBufferWriter<byte> output, long value)
    {
        value.TryFormat(output.GetSpan(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>Writes a quoted string from valid UTF-8.</summary>
    public static void String(this IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is var stop and >= 0)
        {
            output.Write(text[..stop]);
            var value = text[stop];
            if (value is (byte)'"' or (byte)'\\')
            {
                output.Write([(byte)'\\', value]);
            }
            else
            {
                output.Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (value >> 4)), Digit(value & 15)]);
            }

            text = text[(stop + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>Writes a quoted string.</summary>
    public static void String(this IBufferWriter<byte> output, string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            output.String(rented.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Writes values between commas, each in the shortest form that reads back to the same bits.</summary>
    public static void Numbers<T>(this IBufferWriter<byte> output, ReadOnlySpan<T> values)
        where T : unmanaged, IUtf8SpanFormattable
    {
        for (var start = 0; start < values.Length; start += Chunk)
        {
            var chunk = values[start..Math.Min(start + Chunk, values.Length)];
            var span = output.GetSpan(Chunk * LongestNumber);
            var used = 0;
            foreach (var value in chunk)
            {
                if (start > 0 || used > 0)
                {
                    span[used++] = (byte)',';
                }

                value.TryFormat(span[used..], out var written, default, CultureInfo.InvariantCulture);
                used += written;
            }

            output.Advance(used);
        }
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
