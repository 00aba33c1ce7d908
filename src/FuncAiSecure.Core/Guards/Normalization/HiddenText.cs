using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Reads what invisible signs carry: tag characters as ASCII, variation selectors as UTF-8 bytes.</summary>
internal static class HiddenText
{
    private const int MostBytes = 4_096;

    /// <summary>The carried text, or empty.</summary>
    public static string Read(ReadOnlySpan<char> text)
    {
        StringBuilder tags = new();
        List<byte> bytes = [];
        for (int at = 0; at < text.Length && tags.Length + bytes.Count < MostBytes;)
        {
            _ = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int used);
            at += used;
            switch (rune.Value)
            {
                case >= 0xE0020 and <= 0xE007E:
                    _ = tags.Append((char)(rune.Value - 0xE0000));
                    break;
                case >= 0xFE00 and <= 0xFE0F:
                    bytes.Add((byte)(rune.Value - 0xFE00));
                    break;
                case >= 0xE0100 and <= 0xE01EF:
                    bytes.Add((byte)(rune.Value - 0xE0100 + 16));
                    break;
                default:
                    break;
            }
        }

        if (bytes.Count > 3)
        {
            _ = tags.Append(' ').Append(Encoding.UTF8.GetString([.. bytes]));
        }

        return tags.ToString();
    }
}
