using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers;

/// <summary>A code point with the range of the original text that it stands for, in UTF-16 units.</summary>
internal readonly record struct PlacedRune(int Code, int Start, int End);

/// <summary>
/// Text on its way through a tokenizer: UTF-16 units, each with the range of the original that it stands for. A lone
/// surrogate becomes U+FFFD, since the reference implementation only knows well-formed text.
/// </summary>
internal sealed class TokenText
{
    private char[] _chars;
    private int[] _starts;
    private int[] _ends;

    public TokenText(ReadOnlySpan<char> original, int offset)
    {
        _chars = new char[original.Length + 8];
        _starts = new int[_chars.Length];
        _ends = new int[_chars.Length];
        if (System.Text.Ascii.IsValid(original))
        {
            original.CopyTo(_chars);
            for (var i = 0; i < original.Length; i++)
            {
                _starts[i] = offset + i;
                _ends[i] = offset + i + 1;
            }

            Length = original.Length;
            IsAscii = true;
            return;
        }

        var at = offset;
        foreach (var rune in original.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD, and both are one unit long.
            Append(rune, at, at + rune.Utf16SequenceLength);
            at += rune.Utf16SequenceLength;
        }
    }

    private TokenText(int capacity)
    {
        _chars = new char[capacity];
        _starts = new int[capacity];
        _ends = new int[capacity];
    }

    /// <summary>The text as it is now.</summary>
    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>Length in UTF-16 units.</summary>
    public int Length { get; private set; }

    /// <summary>True while it holds ASCII only: most steps have nothing to do then.</summary>
    public bool IsAscii { get; private set; }

    /// <summary>Where the unit at <paramref name="index"/> begins in the original.</summary>
    public int StartOf(int index) => _starts[index];

    /// <summary>Where the unit at <paramref name="index"/> ends in the original.</summary>
    public int EndOf(int index) => _ends[index];

    /// <summary>An empty text to build another one in.</summary>
    public static TokenText Empty(int capacity) => new(Math.Max(capacity, 16));

    /// <summary>Adds a code point that stands for a range of the original.</summary>
    public void Append(Rune rune, int start, int end)
    {
        Reserve(2);
        var written = rune.EncodeToUtf16(_chars.AsSpan(Length));
        for (var i = 0; i < written; i++)
        {
            _starts[Length + i] = start;
            _ends[Length + i] = end;
        }

        Length += written;
        IsAscii = (IsAscii || Length == written) && rune.IsAscii;
    }

    /// <summary>Writes what each code point becomes: nothing, itself, others.</summary>
    public void Rewrite(Action<Rune, RuneWriter> rewrite)
    {
        var target = Empty(Length + 8);
        var writer = new RuneWriter(target);
        var at = 0;
        foreach (var rune in Chars.EnumerateRunes())
        {
            var size = rune.Utf16SequenceLength;
            writer.MoveTo(_starts[at], _ends[at + size - 1]);
            rewrite(rune, writer);
            at += size;
        }

        Take(target);
    }

    /// <summary>A copy of a range.</summary>
    public TokenText Slice(int start, int end)
    {
        if (start == 0 && end == Length)
        {
            return this;
        }

        var slice = Empty(end - start);
        CopyTo(start, end, slice);
        return slice;
    }

    /// <summary>Adds a range to another text.</summary>
    public void CopyTo(int start, int end, TokenText target)
    {
        var at = start;
        foreach (var rune in Chars[start..end].EnumerateRunes())
        {
            target.Append(rune, _starts[at], _ends[at + rune.Utf16SequenceLength - 1]);
            at += rune.Utf16SequenceLength;
        }
    }

    /// <summary>The text as code points.</summary>
    public List<PlacedRune> ToRunes()
    {
        var runes = new List<PlacedRune>(Length);
        var at = 0;
        foreach (var rune in Chars.EnumerateRunes())
        {
            runes.Add(new PlacedRune(rune.Value, _starts[at], _ends[at]));
            at += rune.Utf16SequenceLength;
        }

        return runes;
    }

    /// <summary>Takes over other code points.</summary>
    public void Replace(List<PlacedRune> runes)
    {
        var target = Empty(runes.Count * 2);
        foreach (var rune in runes)
        {
            target.Append(new Rune(rune.Code), rune.Start, rune.End);
        }

        Take(target);
    }

    /// <summary>Takes over another text's content.</summary>
    public void Take(TokenText other)
    {
        (_chars, _starts, _ends) = (other._chars, other._starts, other._ends);
        Length = other.Length;
        IsAscii = other.IsAscii || other.Length == 0;
    }

    private void Reserve(int more)
    {
        if (Length + more > _chars.Length)
        {
            var size = Math.Max(_chars.Length * 2, Length + more);
            Array.Resize(ref _chars, size);
            Array.Resize(ref _starts, size);
            Array.Resize(ref _ends, size);
        }
    }

    /// <summary>Receives what a code point becomes; all of it stands for the range of that code point.</summary>
    internal sealed class RuneWriter(TokenText target)
    {
        private int _start;
        private int _end;

        public void MoveTo(int start, int end) => (_start, _end) = (start, end);

        public void Append(Rune rune) => target.Append(rune, _start, _end);
    }
}
