namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Finds encoded parts of a text and decodes them. Each decoder is one pass over the text.</summary>
internal static class LayerFinder
{
    /// <summary>Escapes that make a text worth decoding as a whole.</summary>
    private const int LeastEscapes = 3;

    /// <summary>Puts every layer found in <paramref name="text"/> into <paramref name="sink"/>.</summary>
    public static void Find(ReadOnlySpan<char> text, LayerSink sink)
    {
        (int percents, int entities, int slashes) = CountEscapes(text);
        if (percents >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.Percent(text), 0, text.Length);
        }

        if (entities >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.Entities(text), 0, text.Length);
        }

        if (slashes >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.Backslashes(text), 0, text.Length);
        }

        for (int at = 0; at < text.Length && !sink.IsFull;)
        {
            if (!IsRunChar(text[at]) || (at > 0 && IsRunChar(text[at - 1])))
            {
                at++;
                continue;
            }

            int length = RunLength(text[at..]);
            ReadOnlySpan<char> run = text.Slice(at, length);
            if (length >= BaseDecoder.LeastLength && BaseDecoder.TryDecode(run, out string? decoded))
            {
                _ = sink.Take(decoded, at, length);
                at += length;
                continue;
            }

            int codes = CodeDecoder.Decode(text[at..], out string? said);
            if (codes > 0 && said is not null && sink.Take(said, at, codes))
            {
                at += codes;
                continue;
            }

            at += Math.Max(length, codes);
        }
    }

    private static bool IsRunChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' or '=' or '\\' or '.';

    private static int RunLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && IsRunChar(text[length]))
        {
            length++;
        }

        return length;
    }

    private static (int Percents, int Entities, int Slashes) CountEscapes(ReadOnlySpan<char> text)
    {
        int percents = 0, entities = 0, slashes = 0;
        for (int at = 0; at + 2 < text.Length; at++)
        {
            switch (text[at])
            {
                case '%':
                    percents += char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]) ? 1 : 0;
                    break;
                case '&':
                    entities += text[at + 1] == '#' || char.IsAsciiLetter(text[at + 1]) ? 1 : 0;
                    break;
                case '\\':
                    slashes += text[at + 1] is 'u' or 'U' or 'x' && (char.IsAsciiHexDigit(text[at + 2]) || text[at + 2] == '{') ? 1 : 0;
                    break;
                default:
                    break;
            }
        }

        return (percents, entities, slashes);
    }
}
