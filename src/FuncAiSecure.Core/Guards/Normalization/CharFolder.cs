using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>First step of a view: code point by code point, hidden signs and marks removed, the rest folded.</summary>
internal static class CharFolder
{
    /// <summary>A fold never makes more than this many units from one code point.</summary>
    private const int MaxUnits = 18;

    /// <summary>What folds of several units may add to a text in all; further ones are cut to their first unit, so that a view stays linear in the text.</summary>
    private const int MaxAdded = 4_096;

    private const int FirstPictograph = 0x1F000;
    private const int LastPictograph = 0x1FAFF;

    /// <summary>
    /// Folds <paramref name="text"/> into the views' buffer from <see cref="TextViews.Length"/> on and returns the count of chars.
    /// <paramref name="skeletons"/> receives, at the same index, the ASCII sign that each char looks like, or 0. The origin of
    /// every char is <paramref name="constantOrigin"/>, or where that is -1 its position in <paramref name="text"/>.
    /// </summary>
    public static int Fold(ReadOnlySpan<char> text, TextViews views, ref char[] skeletons, int constantOrigin = -1)
    {
        FoldTable table = FoldTable.Shared;
        int begin = views.Length, selectors = 0, added = 0;
        for (int at = 0; at < text.Length;)
        {
            views.Reserve(MaxUnits);
            if (skeletons.Length < views.Buffer.Length)
            {
                Array.Resize(ref skeletons, views.Buffer.Length);
            }

            char c = text[at];
            int origin = constantOrigin < 0 ? at : constantOrigin;
            if (c < 0x80)
            {
                selectors = 0;
                char lower = (uint)(c - 'A') <= 25 ? (char)(c | 0x20) : c is < ' ' and not '\n' or '\x7f' ? ' ' : c;
                skeletons[views.Length] = '\0';
                views.OriginBuffer[views.Length] = origin;
                views.Buffer[views.Length++] = lower;
                at++;
                continue;
            }

            bool valid = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int used) is System.Buffers.OperationStatus.Done;
            at += used;
            if (!valid)
            {
                Append(views, skeletons, "\uFFFD", '\0', origin);
                continue;
            }

            int codePoint = rune.Value;
            bool mapped = table.TryFold(codePoint, out ReadOnlySpan<char> folded, out FoldClass kind, out char skeleton);
            if (kind is FoldClass.Hidden)
            {
                Count(views, codePoint, at - used, ref selectors);
                continue;
            }

            selectors = 0;
            if (kind is FoldClass.Mark)
            {
                views.MarkCount++;
                continue;
            }

            if (mapped && folded.Length > used)
            {
                folded = added + folded.Length <= MaxAdded ? folded : folded[..used];
                added += folded.Length - used;
            }

            if (!mapped && codePoint is >= FirstPictograph and <= LastPictograph)
            {
                // A picture parts words as a blank does.
                Append(views, skeletons, " ", '\0', origin);
                continue;
            }

            Append(views, skeletons, mapped ? folded : text.Slice(at - used, used), skeleton, origin);
        }

        int count = views.Length - begin;
        return count;
    }

    private static void Append(TextViews views, char[] skeletons, ReadOnlySpan<char> units, char skeleton, int origin)
    {
        for (int i = 0; i < units.Length; i++)
        {
            // What a sign folds to must look the same as if it had been written so.
            skeletons[views.Length] = units.Length > 1 && units[i] >= 0x80 && !char.IsSurrogate(units[i])
                ? FoldTable.Shared.TryFold(units[i], out _, out _, out char alike) ? alike : '\0'
                : i == 0 ? skeleton : '\0';
            views.OriginBuffer[views.Length] = origin;
            views.Buffer[views.Length++] = units[i];
        }
    }

    private static void Count(TextViews views, int codePoint, int at, ref int selectors)
    {
        switch (codePoint)
        {
            case >= 0xE0000 and <= 0xE007F:
                views.SmuggledCount++;
                break;
            case (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF):
                // One selector after an emoji is ordinary; the third in a row carries data.
                if (++selectors > 2)
                {
                    views.SmuggledCount++;
                }

                break;
            case 0x200D or 0x00AD or 0x200C:
            case 0xFEFF when at == 0:
                // Joiners belong to emoji and to Persian and Indic spelling, soft hyphens to typeset text.
                break;
            default:
                views.HiddenCount++;
                break;
        }
    }
}
