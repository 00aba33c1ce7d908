using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;
using FuncAiSecure.Core.Inference.Tokenizers.Unicode;

namespace FuncAiSecure.Core.Inference.Tokenizers.Normalizers;

/// <summary>BERT's cleaning: control characters, spaces around CJK ideographs, accents, case.</summary>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase) : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text)
    {
        if (cleanText)
        {
            text.Rewrite(Clean);
        }

        if (handleChineseChars && !text.IsAscii)
        {
            text.Rewrite(SpaceIdeograph);
        }

        if (stripAccents && !text.IsAscii)
        {
            Normalization.Decompose(text, compatible: false);

            // BERT leaves the marks that take up room, as vowel signs of Indic scripts do.
            AccentNormalizer.Strip(text, static rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark);
        }

        if (lowercase)
        {
            LowercaseNormalizer.Lower(text);
        }
    }

    private static void Clean(Rune rune, TokenText.RuneWriter writer)
    {
        // Other control characters go, also those that are white space (U+000B, U+000C, U+0085).
        if (rune.Value is '\t' or '\n' or '\r' || (Rune.IsWhiteSpace(rune) && !IsOther(rune)))
        {
            writer.Append(new Rune(' '));
        }
        else if (rune.Value is not (0 or 0xFFFD) && !IsOther(rune))
        {
            writer.Append(rune);
        }
    }

    private static bool IsOther(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;

    private static void SpaceIdeograph(Rune rune, TokenText.RuneWriter writer)
    {
        if (!IsIdeograph(rune.Value))
        {
            writer.Append(rune);
            return;
        }

        writer.Append(new Rune(' '));
        writer.Append(rune);
        writer.Append(new Rune(' '));
    }

    // The blocks that the reference implementation names; the gap at 2B820 is its own.
    private static bool IsIdeograph(int code) => code
        is (>= 0x4E00 and <= 0x9FFF)
        or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}

/// <summary>Removes marks of every kind; decomposed text is expected.</summary>
internal sealed class AccentNormalizer : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text) => Strip(text, CharClasses.IsMark);

    public static void Strip(TokenText text, Func<Rune, bool> isAccent)
    {
        if (!text.IsAscii)
        {
            text.Rewrite((rune, writer) =>
            {
                if (!isAccent(rune))
                {
                    writer.Append(rune);
                }
            });
        }
    }
}

/// <summary>Lower case by the full mapping, which for one code point (U+0130) is two.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc />
    public void Apply(TokenText text) => Lower(text);

    public static void Lower(TokenText text) => text.Rewrite(static (rune, writer) =>
    {
        if (rune.Value == 0x130)
        {
            writer.Append(new Rune('i'));
            writer.Append(new Rune(0x307));
        }
        else
        {
            writer.Append(Rune.ToLowerInvariant(rune));
        }
    });
}
