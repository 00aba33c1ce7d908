namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes the lines of a text that are uuencoded (POSIX uuencode): a count, then four signs for three bytes.</summary>
internal static class UuDecoder
{
    /// <summary>Fewer bytes are a coincidence.</summary>
    private const int LeastBytes = 12;

    private const int MostBytes = 8_192;

    /// <summary>The text of all lines of the form, or null where there is none.</summary>
    public static string? Decode(ReadOnlySpan<char> text)
    {
        MemoryStream? bytes = null;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (IsLine(line, out int count))
            {
                Append(bytes ??= new MemoryStream(), line[1..], count);
                if (bytes.Length > MostBytes)
                {
                    break;
                }
            }
        }

        return bytes?.Length >= LeastBytes && BaseDecoder.ToText(bytes.ToArray(), out string? decoded) ? decoded : null;
    }

    /// <summary>A line has as many signs as its first one says, blanks at its end aside.</summary>
    private static bool IsLine(ReadOnlySpan<char> line, out int count)
    {
        count = line.Length > 1 && line[0] is > ' ' and < '`' ? line[0] - ' ' : 0;
        int signs = (count + 2) / 3 * 4;
        return count > 0 && line.Length <= 1 + signs && line.Length > 1 + signs - 4 && !line.ContainsAnyExceptInRange(' ', '`');
    }

    private static void Append(MemoryStream bytes, ReadOnlySpan<char> signs, int count)
    {
        int bits = 0, have = 0;
        for (int i = 0; count > 0; i++)
        {
            bits = (bits << 6) | (i < signs.Length ? (signs[i] - ' ') & 0x3F : 0);
            have += 6;
            if (have >= 8)
            {
                have -= 8;
                bytes.WriteByte((byte)(bits >> have));
                bits &= (1 << have) - 1;
                count--;
            }
        }
    }
}
