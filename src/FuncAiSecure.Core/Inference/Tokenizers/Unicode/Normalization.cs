using System.Text;

namespace FuncAiSecure.Core.Inference.Tokenizers.Unicode;

/// <summary>The four normalisation forms (UAX #15) over text that keeps its offsets. Linear but for runs of combining marks.</summary>
internal static class Normalization
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailFirst = 0x11A7;
    private const int Vowels = 21;
    private const int Trails = 28;
    private const int Leads = 19;

    // More marks in a row than any text has (UAX #15 stream-safe format): past it they keep their order, so that time stays linear.
    private const int MaxMarks = 30;

    /// <summary>Decomposes <paramref name="text"/>: NFD, or NFKD where <paramref name="compatible"/>.</summary>
    public static void Decompose(TokenText text, bool compatible)
    {
        if (text.IsAscii)
        {
            return;
        }

        var tables = NormalizationTables.Instance;
        text.Rewrite((rune, writer) =>
        {
            var code = rune.Value;
            if (code is >= HangulFirst and <= HangulLast)
            {
                var index = code - HangulFirst;
                writer.Append(new Rune(LeadFirst + (index / (Vowels * Trails))));
                writer.Append(new Rune(VowelFirst + (index / Trails % Vowels)));
                if (index % Trails != 0)
                {
                    writer.Append(new Rune(TrailFirst + (index % Trails)));
                }

                return;
            }

            var decomposed = tables.Decompose(code, compatible);
            if (decomposed.IsEmpty)
            {
                writer.Append(rune);
            }
            else
            {
                foreach (var part in decomposed.EnumerateRunes())
                {
                    writer.Append(part);
                }
            }
        });
        OrderMarks(text, tables);
    }

    /// <summary>Decomposes and composes again: NFC, or NFKC where <paramref name="compatible"/>.</summary>
    public static void Compose(TokenText text, bool compatible)
    {
        if (text.IsAscii)
        {
            return;
        }

        Decompose(text, compatible);
        var runes = text.ToRunes();
        var tables = NormalizationTables.Instance;
        var starter = -1;
        var kept = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var current = runes[i];
            var markClass = tables.ClassOf(current.Code);

            // A mark is blocked from its starter by a mark of the same or a higher class in between.
            var adjacent = kept == starter + 1;
            if (starter >= 0 && (adjacent || tables.ClassOf(runes[kept - 1].Code) < markClass)
                && ComposePair(runes[starter].Code, current.Code, tables) is > 0 and var composed)
            {
                runes[starter] = new PlacedRune(composed, runes[starter].Start, Math.Max(runes[starter].End, current.End));
                continue;
            }

            if (markClass == 0)
            {
                starter = kept;
            }

            runes[kept++] = current;
        }

        runes.RemoveRange(kept, runes.Count - kept);
        text.Replace(runes);
    }

    private static int ComposePair(int first, int second, NormalizationTables tables)
    {
        if (first is >= LeadFirst and < LeadFirst + Leads && second is >= VowelFirst and < VowelFirst + Vowels)
        {
            return HangulFirst + ((((first - LeadFirst) * Vowels) + (second - VowelFirst)) * Trails);
        }

        if (first is >= HangulFirst and <= HangulLast && (first - HangulFirst) % Trails == 0 && second is > TrailFirst and < TrailFirst + Trails)
        {
            return first + (second - TrailFirst);
        }

        return tables.Compose(first, second);
    }

    private static void OrderMarks(TokenText text, NormalizationTables tables)
    {
        var runes = text.ToRunes();
        var changed = false;
        for (var i = 0; i < runes.Count;)
        {
            if (tables.ClassOf(runes[i].Code) == 0)
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < runes.Count && end - i < MaxMarks && tables.ClassOf(runes[end].Code) != 0)
            {
                end++;
            }

            changed |= SortStable(runes, i, end, tables);
            i = end;
        }

        if (changed)
        {
            text.Replace(runes);
        }
    }

    private static bool SortStable(List<PlacedRune> runes, int start, int end, NormalizationTables tables)
    {
        var changed = false;
        for (var i = start + 1; i < end; i++)
        {
            var rune = runes[i];
            var at = i;
            while (at > start && tables.ClassOf(runes[at - 1].Code) > tables.ClassOf(rune.Code))
            {
                runes[at] = runes[at - 1];
                at--;
                changed = true;
            }

            runes[at] = rune;
        }

        return changed;
    }
}
