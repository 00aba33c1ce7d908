using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Decodes letters written as parted codes: hex pairs, decimal and octal ASCII, binary octets, places in the alphabet, Morse.</summary>
internal static class CodeDecoder
{
    private const int LeastCodes = 8;
    private const int MostCodes = 4_096;
    private const string MorseOrder = "**ETIANMSURWDKGOHVF*L*PJBXCYZQ**";

    /// <summary>
    /// Decodes from the start of <paramref name="text"/>; returns how many chars were read (0: not codes). Chars that were
    /// read and gave no text are not worth a second look.
    /// </summary>
    public static int Decode(ReadOnlySpan<char> text, out string? decoded)
    {
        decoded = null;
        return text[0] switch
        {
            '.' or '-' => Morse(text, out decoded),
            _ => Codes(text, out decoded),
        };
    }

    private static int Codes(ReadOnlySpan<char> text, out string? decoded)
    {
        decoded = null;
        int width = Width(text, out int radix);
        if (width == 0)
        {
            return char.IsAsciiDigit(text[0]) ? Places(text, out decoded) : 0;
        }

        Said said = new(stackalloc char[Said.Room]);
        int at = 0, last = 0, count = 0;
        while (at < text.Length && count < MostCodes)
        {
            int start = at;
            if (radix == 16 && text[at..].StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            {
                at += 2;
            }
            else if (text[at..].StartsWith("\\x", StringComparison.Ordinal))
            {
                at += 2;
            }

            int value = 0, digits = 0;
            while (at < text.Length && digits <= 8 && Digit(text[at], radix) is int digit and >= 0)
            {
                value = (value * radix) + digit;
                digits++;
                at++;
            }

            if (digits == 0 || (radix != 10 && digits != width) || value is < 9 or > 255)
            {
                at = start;
                break;
            }

            said.Append((char)value);
            count++;
            last = at;
            while (at < text.Length && at - last < 3 && text[at] is ' ' or ',' or ':' or '-' or ';')
            {
                at++;
            }

            if (at == last && !(at + 1 < text.Length && text[at] == '\\'))
            {
                break;
            }
        }

        decoded = count >= LeastCodes ? said.ToString() : null;
        return decoded is null ? 0 : last;
    }

    /// <summary>How wide a code is, by the first one, and its radix.</summary>
    private static int Width(ReadOnlySpan<char> text, out int radix)
    {
        radix = 16;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || text.StartsWith("\\x", StringComparison.Ordinal))
        {
            return 2;
        }

        int length = 0, ones = 0, decimals = 0;
        while (length < text.Length && length <= 8 && char.IsAsciiHexDigit(text[length]))
        {
            ones += text[length] is '0' or '1' ? 1 : 0;
            decimals += char.IsAsciiDigit(text[length]) ? 1 : 0;
            length++;
        }

        if (length == 8 && ones == 8)
        {
            radix = 2;
            return 8;
        }

        if (decimals == length && length is 2 or 3 && DecimalLetters(text))
        {
            radix = length == 3 && OctalLetters(text) ? 8 : 10;
            return length;
        }

        return length == 2 ? 2 : 0;
    }

    /// <summary>A code over 99 among the first tells decimal from hex; hex pairs of letters are 41 to 7A.</summary>
    private static bool DecimalLetters(ReadOnlySpan<char> text)
    {
        int run = 0;
        foreach (char c in text[..Math.Min(text.Length, 40)])
        {
            run = char.IsAsciiDigit(c) ? run + 1 : 0;
            if (run == 3)
            {
                return true;
            }

            if (char.IsAsciiLetter(c))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Small letters are 141 to 172 in octal digits; in decimal ones no letter is over 122.</summary>
    private static bool OctalLetters(ReadOnlySpan<char> text)
    {
        bool over = false;
        for (int at = 0; at + 3 <= Math.Min(text.Length, 40); at++)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                continue;
            }

            int value = int.TryParse(text.Slice(at, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : -1;
            if (value is < 0 or > 377 || text.Slice(at, 3).ContainsAny('8', '9'))
            {
                return false;
            }

            over |= value > 122;
            at += 2;
        }

        return over;
    }

    /// <summary>Numbers from 1 to 26 for the letters of the alphabet. What parts two of them otherwise than the first two parts words.</summary>
    private static int Places(ReadOnlySpan<char> text, out string? decoded)
    {
        decoded = null;
        Said said = new(stackalloc char[Said.Room]);
        int at = 0, last = 0, count = 0;
        ReadOnlySpan<char> parting = default;
        while (at < text.Length && count < MostCodes && char.IsAsciiDigit(text[at]))
        {
            int digits = at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) ? 2 : 1;
            int place = digits == 1 ? text[at] - '0' : ((text[at] - '0') * 10) + text[at + 1] - '0';
            if (place is < 1 or > 26 || (at + digits < text.Length && char.IsAsciiDigit(text[at + digits])))
            {
                break;
            }

            int gap = last;
            if (count > 0 && parting.IsEmpty)
            {
                parting = text[gap..at];
            }

            if (count > 0 && !text[gap..at].SequenceEqual(parting))
            {
                said.Append(' ');
            }

            said.Append((char)('a' + place - 1));
            count++;
            at = last = at + digits;
            while (at < text.Length && at - last < 3 && text[at] is ' ' or ',' or '-' or '.' or '/' or '|' or '_' or '\n')
            {
                at++;
            }

            if (at == last)
            {
                break;
            }
        }

        decoded = count >= LeastCodes ? said.ToString() : null;
        return decoded is null ? 0 : last;
    }

    private static int Digit(char c, int radix)
    {
        int value = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : -1;
        return value < radix ? value : -1;
    }

    private static int Morse(ReadOnlySpan<char> text, out string? decoded)
    {
        Said said = new(stackalloc char[Said.Room]);
        int at = 0, node = 1, letters = 0;
        for (; at < text.Length && letters < MostCodes; at++)
        {
            char c = text[at];
            if (c is '.' or '-')
            {
                node = node < 32 ? (node * 2) + (c == '-' ? 1 : 0) : 64;
                continue;
            }

            if (c is not (' ' or '/' or '|' or '\n'))
            {
                break;
            }

            letters += Letter(ref said, node);
            node = 1;
            if (c is '/' or '|' || (at > 0 && text[at - 1] == ' ' && said.Last is not ('\0' or ' ')))
            {
                said.Append(' ');
            }
        }

        letters += Letter(ref said, node);
        decoded = letters >= LeastCodes ? said.ToString() : null;
        return decoded is null ? 0 : at;
    }

    private static int Letter(ref Said said, int node)
    {
        // The order of MorseOrder is the code read as a binary number with a leading one, dots as 0.
        if (node is < 2 or >= 32)
        {
            return 0;
        }

        char letter = MorseOrder[node];
        said.Append(letter == '*' ? '?' : letter);
        return letter == '*' ? 0 : 1;
    }

    /// <summary>Decoded signs: the first few, which ordinary numbers and dashes give too, without an allocation.</summary>
    private ref struct Said(Span<char> first)
    {
        public const int Room = 16;
        private readonly Span<char> _first = first;
        private int _used;
        private StringBuilder? _rest;

        /// <summary>The last sign, or NUL.</summary>
        public char Last { get; private set; }

        public void Append(char c)
        {
            Last = c;
            if (_used < _first.Length)
            {
                _first[_used++] = c;
                return;
            }

            _ = (_rest ??= new StringBuilder().Append(_first)).Append(c);
        }

        public override readonly string ToString() => _rest?.ToString() ?? _first[.._used].ToString();
    }
}
