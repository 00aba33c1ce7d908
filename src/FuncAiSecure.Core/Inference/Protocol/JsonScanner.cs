using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// A strict forward reader over UTF-8 that the caller has already found valid: no comments, no trailing commas, no control
/// characters in strings, no lone surrogates. Every method answers false at the first fault; nothing is thrown.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    private static readonly SearchValues<byte> StringStops = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;

    /// <summary>The whole document.</summary>
    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>The offset of the next byte.</summary>
    public int At
    {
        readonly get => _at;
        set => _at = value;
    }

    /// <summary>The next byte that is not white space, not taken; 0 at the end.</summary>
    public byte Peek()
    {
        while ((uint)_at < (uint)_json.Length)
        {
            var next = _json[_at];
            if (next > ' ')
            {
                return next;
            }

            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return next == 0 ? (byte)1 : next;
            }

            _at++;
        }

        return 0;
    }

    /// <summary>Takes one structural character, after white space.</summary>
    public bool Take(byte expected)
    {
        if (Peek() != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    /// <summary>True if nothing but white space is left.</summary>
    public bool AtEnd() => Peek() == 0;

    /// <summary>Takes a literal such as <c>true</c> that no letter follows.</summary>
    public bool TakeLiteral(ReadOnlySpan<byte> literal)
    {
        Peek();
        var rest = _json[_at..];
        if (!rest.StartsWith(literal) || (rest.Length > literal.Length && char.IsAsciiLetterOrDigit((char)rest[literal.Length])))
        {
            return false;
        }

        _at += literal.Length;
        return true;
    }

    /// <summary>After a member or element: true if another follows, false in <paramref name="ended"/> terms at the closing character.</summary>
    public bool Next(byte close, out bool ended)
    {
        ended = Take(close);
        return ended || Take((byte)',');
    }

    /// <summary>Takes a string; <paramref name="raw"/> is what stands between the quotes, with its escapes.</summary>
    public bool TakeString(out ReadOnlySpan<byte> raw, out bool escaped)
    {
        raw = default;
        escaped = false;
        if (!Take((byte)'"'))
        {
            return false;
        }

        var start = _at;
        while (true)
        {
            var stop = _json[_at..].IndexOfAny(StringStops);
            if (stop < 0)
            {
                return false;
            }

            _at += stop;
            if (_json[_at] == '"')
            {
                raw = _json[start.._at++];
                return true;
            }

            escaped = true;
            if (_json[_at] != '\\' || !SkipEscape())
            {
                return false;
            }
        }
    }

    /// <summary>Takes a whole number that fits 64 signed bits.</summary>
    public bool TakeInt64(out long value)
    {
        Peek();
        var read = JsonNumber.ReadInteger(_json, ref _at, long.MinValue, long.MaxValue, out var bits) == JsonNumber.Outcome.Ok;
        value = (long)bits;
        return read;
    }

    /// <summary>Writes a string's text without its escapes, which must be valid; the text is never longer than the raw form.</summary>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        var written = 0;
        while (raw.IndexOf((byte)'\\') is var plain and >= 0)
        {
            raw[..plain].CopyTo(text[written..]);
            written += plain;
            raw = raw[(plain + 1)..];
            if (raw[0] == 'u')
            {
                var unit = Hex(raw[1..]);
                raw = raw[5..];
                var rune = char.IsHighSurrogate(unit) ? new Rune(unit, Hex(raw[2..])) : new Rune(unit);
                raw = rune.IsBmp ? raw : raw[6..];
                written += rune.EncodeToUtf8(text[written..]);
                continue;
            }

            text[written++] = raw[0] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                var itself => itself,
            };
            raw = raw[1..];
        }

        raw.CopyTo(text[written..]);
        return written + raw.Length;
    }

    private bool SkipEscape()
    {
        _at++;
        if (_at >= _json.Length)
        {
            return false;
        }

        var kind = _json[_at++];
        if (kind != 'u')
        {
            return kind is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'n' or (byte)'t' or (byte)'r' or (byte)'b' or (byte)'f';
        }

        if (!TakeHex(out var unit) || char.IsLowSurrogate(unit))
        {
            return false;
        }

        if (!char.IsHighSurrogate(unit))
        {
            return true;
        }

        var paired = _json[_at..].StartsWith("\\u"u8);
        _at += 2;
        return paired && TakeHex(out var low) && char.IsLowSurrogate(low);
    }

    private bool TakeHex(out char unit)
    {
        unit = default;
        if (_json.Length - _at < 4)
        {
            return false;
        }

        foreach (var digit in _json.Slice(_at, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        unit = Hex(_json[_at..]);
        _at += 4;
        return true;
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits[..4], out ushort unit, out _, 'x') ? (char)unit : default;
}
