using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>
/// GPT-2's way: cut into words with their leading space, then write every UTF-8 byte as one printable character, so that no
/// text is unknown. The cut is a hand-written scanner, because the usual expression needs look-ahead and callers' text never
/// meets a backtracking expression.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly char[] CharOfByte = MakeAlphabet();

    /// <summary>The character that stands for a byte.</summary>
    public static char CharFor(byte value) => CharOfByte[value];

    /// <inheritdoc />
    public void Apply(SplitText split)
    {
        if (addPrefixSpace)
        {
            split.Rewrite((_, piece, target) =>
            {
                // As the reference: every piece, not only the first, and the space stands for what it precedes.
                if (split.CharsOf(piece)[0] != ' ')
                {
                    target.Append(new Rune(' '), split.Text.StartOf(piece.Start), split.Text.EndOf(piece.Start));
                }

                split.CopyTo(piece, target);
            });
        }

        if (useRegex)
        {
            split.Cut(static (chars, pieces) => CutWords(chars.Span, pieces));
        }

        split.Rewrite((_, piece, target) => WriteBytes(split, piece, target));
    }

    private static void WriteBytes(SplitText split, (int Start, int Length) piece, TokenText target)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var at = piece.Start;
        foreach (var rune in split.CharsOf(piece).EnumerateRunes())
        {
            var written = rune.EncodeToUtf8(utf8);
            var (start, end) = (split.Text.StartOf(at), split.Text.EndOf(at + rune.Utf16SequenceLength - 1));
            for (var i = 0; i < written; i++)
            {
                target.Append(new Rune(CharOfByte[utf8[i]]), start, end);
            }

            at += rune.Utf16SequenceLength;
        }
    }

    // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
    private static void CutWords(ReadOnlySpan<char> chars, PieceList pieces)
    {
        for (var at = 0; at < chars.Length;)
        {
            var end = at + ContractionLength(chars[at..]);
            if (end == at)
            {
                end = WordEnd(chars, at);
            }

            if (end == at)
            {
                end = SpaceEnd(chars, at);
            }

            pieces.Add(at, end);
            at = end;
        }
    }

    private static int ContractionLength(ReadOnlySpan<char> chars) =>
        chars[0] != '\'' || chars.Length < 2 ? 0
        : chars[1] is 's' or 't' or 'm' or 'd' ? 2
        : chars[1..].StartsWith("re") || chars[1..].StartsWith("ve") || chars[1..].StartsWith("ll") ? 3
        : 0;

    private static int WordEnd(ReadOnlySpan<char> chars, int at)
    {
        var start = chars[at] == ' ' ? at + 1 : at;
        var end = start;
        var wanted = Kind.Space;
        while (end < chars.Length)
        {
            Rune.DecodeFromUtf16(chars[end..], out var rune, out var size);
            var kind = KindOf(rune);
            if (kind is Kind.Space || (end > start && kind != wanted))
            {
                break;
            }

            wanted = kind;
            end += size;
        }

        return end > start ? end : at;
    }

    // A run of white space leaves its last character to the word behind it.
    private static int SpaceEnd(ReadOnlySpan<char> chars, int at)
    {
        var end = at;
        var last = at;
        while (end < chars.Length && char.IsWhiteSpace(chars[end]))
        {
            last = end++;
        }

        return end == chars.Length || last == at ? end : last;
    }

    private static Kind KindOf(Rune rune) =>
        Rune.IsWhiteSpace(rune) ? Kind.Space
        : CharClasses.IsLetter(rune) ? Kind.Letter
        : CharClasses.IsNumeric(rune) ? Kind.Number
        : Kind.Other;

    private static char[] MakeAlphabet()
    {
        var alphabet = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            alphabet[value] = (char)(printable ? value : next++);
        }

        return alphabet;
    }

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }
}
