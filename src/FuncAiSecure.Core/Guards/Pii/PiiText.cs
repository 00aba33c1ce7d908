using System.Buffers;
using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>
/// Scans a text for personal data as it reads: digits of any script and full-width signs count as ASCII ones, invisible signs
/// do not part a number. Spans are in the original text.
/// </summary>
internal static class PiiText
{
    /// <summary>Puts every find into <paramref name="spans"/>, ordered, without overlaps; with <paramref name="names"/> also persons and addresses. <paramref name="actions"/> decides what wins where finds meet.</summary>
    public static void Find(ReadOnlySpan<char> text, PiiSink sink, List<PiiSpan> spans, bool names = false, PiiActions? actions = null)
    {
        sink.Clear(actions);
        if (Ascii.IsValid(text))
        {
            Scan(text, sink, spans, names, actions);
            return;
        }

        char[] chars = ArrayPool<char>.Shared.Rent(text.Length + 1);
        int[] origins = ArrayPool<int>.Shared.Rent(text.Length + 1);
        try
        {
            int count = Lighten(text, chars, origins);
            origins[count] = text.Length;
            Scan(chars.AsSpan(0, count), sink, spans, names, actions);
            for (int i = 0; i < spans.Count; i++)
            {
                PiiSpan span = spans[i];
                int last = origins[span.End - 1], start = origins[span.Start];
                int end = last + (char.IsHighSurrogate(text[last]) && last + 1 < text.Length ? 2 : 1);
                spans[i] = new PiiSpan(start, end - start, span.Kind);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
            ArrayPool<int>.Shared.Return(origins);
        }
    }

    private static void Scan(ReadOnlySpan<char> text, PiiSink sink, List<PiiSpan> spans, bool names, PiiActions? actions)
    {
        PiiScanner.Scan(text, sink);
        for (int i = 0; i < sink.Count; i++)
        {
            spans.Add(sink[i]);
        }

        if (names)
        {
            List<PiiSpan> found = [];
            PiiNames.Scan(text, found);
            PiiNames.Merge(found, spans, actions);
        }
    }

    private static int Lighten(ReadOnlySpan<char> text, char[] chars, int[] origins)
    {
        int count = 0;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (c < 0x80)
            {
                (chars[count], origins[count]) = (c, at++);
                count++;
                continue;
            }

            bool valid = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int used) is OperationStatus.Done;
            bool mapped = FoldTable.Shared.TryFold(rune.Value, out ReadOnlySpan<char> folded, out FoldClass kind, out _);
            if (!valid || kind is not FoldClass.Hidden)
            {
                char plain = valid ? Plain(rune, mapped, folded) : '\0';
                for (int i = 0; i < (plain == '\0' ? used : 1); i++)
                {
                    (chars[count], origins[count]) = (plain == '\0' ? text[at + i] : plain, at + (plain == '\0' ? i : 0));
                    count++;
                }
            }

            at += used;
        }

        return count;
    }

    /// <summary>The ASCII sign that this one is a form of, or 0. Accented letters stay themselves.</summary>
    private static char Plain(Rune rune, bool mapped, ReadOnlySpan<char> folded)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        return category is UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)Rune.GetNumericValue(rune))
            : mapped && rune.Value >= 0x2000 && folded.Length == 1 && folded[0] < 0x80 ? folded[0]
            : category is UnicodeCategory.SpaceSeparator ? ' '
            : category is UnicodeCategory.DashPunctuation || rune.Value == 0x2212 ? '-'
            : '\0';
    }
}
