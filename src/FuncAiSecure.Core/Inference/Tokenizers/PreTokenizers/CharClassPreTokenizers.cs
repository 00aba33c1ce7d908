using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>What happens to the delimiter that a cut is made at.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Cuts at code points of a class.</summary>
internal sealed class CharClassPreTokenizer(Func<Rune, bool> isDelimiter, SplitBehavior behavior) : IPreTokenizer
{
    /// <inheritdoc />
    public void Apply(SplitText split) => split.Cut((chars, pieces) => Delimiters.Cut(Matches(chars.Span), behavior, pieces));

    private List<(int Start, int End, bool IsDelimiter)> Matches(ReadOnlySpan<char> chars)
    {
        var ranges = new List<(int, int, bool)>();
        var open = 0;
        var at = 0;
        foreach (var rune in chars.EnumerateRunes())
        {
            var size = rune.Utf16SequenceLength;
            if (isDelimiter(rune))
            {
                if (at > open)
                {
                    ranges.Add((open, at, false));
                }

                ranges.Add((at, at + size, true));
                open = at + size;
            }

            at += size;
        }

        if (at > open)
        {
            ranges.Add((open, at, false));
        }

        return ranges;
    }
}

/// <summary>Turns a sequence of delimiters and others into pieces.</summary>
internal static class Delimiters
{
    public static void Cut(List<(int Start, int End, bool IsDelimiter)> ranges, SplitBehavior behavior, PieceList pieces)
    {
        switch (behavior)
        {
            case SplitBehavior.Removed:
                foreach (var range in ranges.Where(range => !range.IsDelimiter))
                {
                    pieces.Add(range.Start, range.End);
                }

                break;
            case SplitBehavior.Isolated:
                foreach (var (start, end, _) in ranges)
                {
                    pieces.Add(start, end);
                }

                break;
            case SplitBehavior.Contiguous:
                Join(ranges, pieces, (previous, current) => previous == current);
                break;
            case SplitBehavior.MergedWithPrevious:
                Join(ranges, pieces, (previous, current) => current && !previous);
                break;
            case SplitBehavior.MergedWithNext:
                Join(ranges, pieces, (previous, current) => previous && !current);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(behavior), behavior, "An unknown split behaviour.");
        }
    }

    private static void Join(List<(int Start, int End, bool IsDelimiter)> ranges, PieceList pieces, Func<bool, bool, bool> joins)
    {
        for (var i = 0; i < ranges.Count;)
        {
            var start = ranges[i].Start;
            var last = i++;
            while (i < ranges.Count && joins(ranges[last].IsDelimiter, ranges[i].IsDelimiter))
            {
                last = i++;
            }

            pieces.Add(start, ranges[last].End);
        }
    }
}

/// <summary>Classes of code points as the reference implementation defines them.</summary>
internal static class CharClasses
{
    /// <summary>ASCII punctuation and symbols, and every Unicode punctuation.</summary>
    public static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is (>= 33 and <= 47) or (>= 58 and <= 64) or (>= 91 and <= 96) or (>= 123 and <= 126)
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation
            or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation;

    /// <summary>Numbers of any kind.</summary>
    public static bool IsNumeric(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Letters of any kind.</summary>
    public static bool IsLetter(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    /// <summary>Marks of any kind: what combines with the character before it.</summary>
    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>What a regular expression's <c>\w</c> takes: what is alphabetic, marks, digits, connectors, joiners.</summary>
    public static bool IsWord(Rune rune) => IsLetter(rune) || IsMark(rune) || IsLetterSymbol(rune.Value) || rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;

    /// <summary>What <c>\w</c> takes in an expression of the file, which another library reads: no joiners, and Latin-1's numbers unless in a class.</summary>
    public static bool IsExpressionWord(Rune rune, bool inClass) => rune.Value switch
    {
        0x200C or 0x200D => false,
        0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE) => !inClass,
        _ => IsWord(rune),
    };

    // Letters in circles and squares are symbols, but alphabetic.
    private static bool IsLetterSymbol(int code) => code
        is (>= 0x24B6 and <= 0x24E9)
        or (>= 0x1F130 and <= 0x1F149)
        or (>= 0x1F150 and <= 0x1F169)
        or (>= 0x1F170 and <= 0x1F189);
}

/// <summary>Runs of word characters and runs of what is neither that nor white space.</summary>
internal sealed class WhitespacePreTokenizer : IPreTokenizer
{
    /// <inheritdoc />
    public void Apply(SplitText split) => split.Cut(static (memory, pieces) =>
    {
        var chars = memory.Span;
        var open = 0;
        var openClass = 0;
        var at = 0;
        foreach (var rune in chars.EnumerateRunes())
        {
            var current = Rune.IsWhiteSpace(rune) ? 0 : CharClasses.IsWord(rune) ? 1 : 2;
            if (current != openClass)
            {
                if (openClass != 0)
                {
                    pieces.Add(open, at);
                }

                (open, openClass) = (at, current);
            }

            at += rune.Utf16SequenceLength;
        }

        if (openClass != 0)
        {
            pieces.Add(open, at);
        }
    });
}
