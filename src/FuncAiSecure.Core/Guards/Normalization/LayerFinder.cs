namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Finds encoded parts of a text and decodes them. Each decoder is one pass over the text.</summary>
internal static class LayerFinder
{
    /// <summary>Escapes that make a text worth decoding as a whole.</summary>
    private const int LeastEscapes = 3;

    /// <summary>Puts every layer found in <paramref name="text"/> into <paramref name="sink"/>.</summary>
    public static void Find(ReadOnlySpan<char> text, LayerSink sink)
    {
        Escapes escapes = Escapes.CountIn(text);
        if (escapes.Percents >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.Percent(text), 0, text.Length);
        }

        if (escapes.EqualSigns >= 2 * LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.QuotedPrintable(text), 0, text.Length);
        }

        if (escapes.Entities >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.Entities(text), 0, text.Length);
        }

        if (escapes.CodePoints >= LeastEscapes)
        {
            _ = sink.Take(EscapeDecoder.CodePoints(text), 0, text.Length);
        }

        if (UuDecoder.Decode(text) is { } lines)
        {
            _ = sink.Take(lines, 0, text.Length);
        }

        FindRuns(text, sink);
    }

    private static void FindRuns(ReadOnlySpan<char> text, LayerSink sink)
    {
        for (int at = 0, linesTried = 0; at < text.Length && !sink.IsFull;)
        {
            if ((at == 0 || char.IsWhiteSpace(text[at - 1])) && Base85Decoder.Decode(text[at..], out string? packed) is > 0 and int dense && sink.Take(packed, at, dense))
            {
                at += dense;
                continue;
            }

            if (!IsRunChar(text[at]) || (at > 0 && IsRunChar(text[at - 1])))
            {
                at++;
                continue;
            }

            int length = RunLength(text[at..]);
            ReadOnlySpan<char> run = text.Slice(at, length);
            if (at >= linesTried && Lines(text, at, length) is > 0 and int lines)
            {
                linesTried = at + lines;
                if (BaseDecoder.TryDecode(text.Slice(at, lines).ToString().ReplaceLineEndings(""), out string? whole) && sink.Take(whole, at, lines))
                {
                    at += lines;
                    continue;
                }
            }

            if (length >= BaseDecoder.LeastLength && BaseDecoder.TryDecode(run, out string? decoded))
            {
                _ = sink.Take(decoded, at, length);
                at += length;
                continue;
            }

            int codes = SpellingAlphabet.Decode(text[at..], out string? said);
            codes = codes > 0 ? codes : CodeDecoder.Decode(text[at..], out said);
            if (codes > 0 && said is not null && sink.Take(said, at, codes))
            {
                at += codes;
                continue;
            }

            at += Math.Max(length, codes);
        }
    }

    private static bool IsRunChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' or '=' or '\\' or '.';

    /// <summary>The length of a run that goes on over lines of whole groups of four (RFC 2045, 6.8), or 0 where it ends in its line.</summary>
    private static int Lines(ReadOnlySpan<char> text, int at, int length)
    {
        if (length < BaseDecoder.LeastLength || length % 4 != 0 || (at > 0 && text[at - 1] is not ('\n' or ' ')))
        {
            return 0;
        }

        int end = at + length, line = length, lines = 1;
        while (line == length && end < text.Length && text[end] is '\n' or '\r')
        {
            int next = end + (text[end..].StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 1);
            line = next < text.Length ? RunLength(text[next..]) : 0;
            if (line is 0 || line > length)
            {
                break;
            }

            end = next + line;
            lines++;
        }

        return lines > 1 ? end - at : 0;
    }

    private static int RunLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && IsRunChar(text[length]))
        {
            length++;
        }

        return length;
    }

    /// <summary>Escapes by their kind.</summary>
    private readonly record struct Escapes(int Percents, int EqualSigns, int Entities, int CodePoints)
    {
        public static Escapes CountIn(ReadOnlySpan<char> text)
        {
            int percents = 0, equals = 0, entities = 0, points = 0;
            for (int at = 0; at + 2 < text.Length; at++)
            {
                char next = text[at + 1], third = text[at + 2];
                switch (text[at])
                {
                    case '%':
                        percents += char.IsAsciiHexDigit(next) && char.IsAsciiHexDigit(third) ? 1 : 0;
                        break;
                    case '=':
                        equals += IsUpperHex(next) && IsUpperHex(third) ? 1 : 0;
                        break;
                    case '&':
                        entities += next == '#' || char.IsAsciiLetter(next) ? 1 : 0;
                        break;
                    case '\\':
                        points += (next is 'u' or 'U' or 'x' && (char.IsAsciiHexDigit(third) || third == '{')) || (next is >= '0' and <= '3' && third is >= '0' and <= '7') ? 1 : 0;
                        break;
                    case 'U' or 'u':
                        points += next == '+' && char.IsAsciiHexDigit(third) ? 1 : 0;
                        break;
                    default:
                        break;
                }
            }

            return new Escapes(percents, equals, entities, points);
        }

        private static bool IsUpperHex(char c) => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F';
    }
}
