using System.Buffers;
using System.Buffers.Binary;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes a run without blanks as Ascii85 (btoa, PostScript) or as base85 with the signs of RFC 1924, whatever yields text.</summary>
internal static class Base85Decoder
{
    private const int LeastLength = 20;
    private const int MostLength = 16_384;
    private const string Rfc1924 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    private static readonly sbyte[] Ascii85 = Digits([.. Enumerable.Range('!', 85).Select(c => (char)c)]);
    private static readonly sbyte[] Base85 = Digits(Rfc1924);

    /// <summary>Decodes the run that <paramref name="text"/> begins with; returns its length, or 0 where it is none.</summary>
    public static int Decode(ReadOnlySpan<char> text, out string? decoded)
    {
        decoded = null;
        int length = 0, unusual = 0;
        while (length < text.Length && length <= MostLength && text[length] is > ' ' and < '\x7f')
        {
            unusual += char.IsAsciiLetterOrDigit(text[length]) || text[length] is '/' or '.' or '-' or '_' ? 0 : 1;
            length++;
        }

        // Signs other than letters are a quarter of the alphabet.
        if (length is < LeastLength or > MostLength || unusual * 12 < length)
        {
            return 0;
        }

        ReadOnlySpan<char> run = text[..length];
        ReadOnlySpan<char> inner = run.StartsWith("<~", StringComparison.Ordinal) ? run[2..] : run;
        inner = inner.EndsWith("~>", StringComparison.Ordinal) ? inner[..^2] : inner;
        return TryDecode(inner, Ascii85, out decoded) || TryDecode(run, Base85, out decoded) ? length : 0;
    }

    private static bool TryDecode(ReadOnlySpan<char> run, sbyte[] digits, out string? decoded)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent((run.Length * 4) + 4);
        try
        {
            decoded = null;
            return TryDecode(run, digits, bytes, out int written) && BaseDecoder.ToText(bytes.AsMemory(0, written), out decoded);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> run, sbyte[] digits, byte[] bytes, out int written)
    {
        written = 0;
        while (run.Length > 1)
        {
            if (run[0] == 'z' && digits == Ascii85)
            {
                bytes.AsSpan(written, 4).Clear();
                written += 4;
                run = run[1..];
                continue;
            }

            // A last group that is cut is filled up with the highest digit, and as many bytes fall away.
            int used = Math.Min(run.Length, 5);
            ulong group = 0;
            for (int i = 0; i < 5; i++)
            {
                int digit = i < used ? digits[run[i]] : 84;
                if (digit < 0)
                {
                    return false;
                }

                group = (group * 85) + (uint)digit;
            }

            if (group > uint.MaxValue)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(written), (uint)group);
            written += used - 1;
            run = run[used..];
        }

        return true;
    }

    private static sbyte[] Digits(ReadOnlySpan<char> alphabet)
    {
        sbyte[] digits = new sbyte[128];
        Array.Fill(digits, (sbyte)-1);
        for (int i = 0; i < alphabet.Length; i++)
        {
            digits[alphabet[i]] = (sbyte)i;
        }

        return digits;
    }
}
