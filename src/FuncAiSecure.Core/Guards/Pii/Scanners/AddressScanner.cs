using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>
/// Street addresses by their form: a number before or after a street's name, as a dozen countries write it, and post boxes; postal code
/// and town where they follow. A street without a number, a town alone and a venue's name are not looked for.
/// </summary>
internal static class AddressScanner
{
    private const int MostWords = 4;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> EnglishStreets = WordSet.Of(
        "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct", "square", "sq", "terrace",
        "way", "place", "pl", "crescent", "parkway", "pkwy",
        "highway", "hwy", "close", "grove", "gardens", "mews");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StreetBefore = WordSet.Of(
        "rue", "avenue", "boulevard", "allée", "chemin", "impasse", "quai", "place", "calle", "avenida", "avda", "paseo", "plaza", "carrer", "via",
        "viale", "piazza", "corso", "rua", "travessa", "praça",
        "ul", "ulica", "aleja", "ул", "улица", "проспект", "вулиця");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Joining = WordSet.Of("de", "la", "le", "les", "des", "du", "del", "della", "das", "dos", "da", "do", "den", "der", "los", "las", "el");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Units = WordSet.Of("apt", "apartment", "suite", "ste", "unit", "flat", "floor", "room");

    // "Kossuth Lajos utca 12".
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> StreetAfter = WordSet.Of("utca", "út", "tér", "körút", "rakpart", "rkp", "u", "sokak", "caddesi", "cad", "katu", "tie", "väg", "gate", "vei", "gade", "straße");

    private static readonly string[] StreetEndings = [.. NotNames.StreetEndings, "gata", "utca",
        "vegur", "stræti", "stræde", "plads", "gränd", "torget", "katu", "gracht", "kade", "singel", "dreef", "chaussee", "promenade"];

    /// <summary>An address that the word at <paramref name="at"/> begins; its end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at, int end)
    {
        int street = char.IsAsciiDigit(text[at]) ? NumberFirst(text, at, end) : NameFirst(text, at, end);
        return street == 0 ? 0 : WithTown(text, street);
    }

    private static int NumberFirst(ReadOnlySpan<char> text, int at, int end)
    {
        int digits = at;
        while (digits < end && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits - at > 5 || end - digits > 1 || end >= text.Length || text[end] != ' ')
        {
            return 0;
        }

        int next = end + 1;
        ReadOnlySpan<char> first = WordAt(text, next);
        if (first is "bis" or "ter")
        {
            next += first.Length + 1;
            first = WordAt(text, next);
        }

        // "14 rue de la Paix": the kind of street before its name, in small letters.
        if (first.Length > 0 && StreetBefore.Contains(first))
        {
            int name = Name(text, next + first.Length, out int words);
            return words > 0 ? name : 0;
        }

        for (int word = 0; word < MostWords && next < text.Length; word++)
        {
            ReadOnlySpan<char> part = WordAt(text, next);
            if (part.IsEmpty || !char.IsUpper(part[0]))
            {
                return 0;
            }

            next += part.Length;
            if (word > 0 && EnglishStreets.Contains(part))
            {
                return next < text.Length && text[next] == '.' && part.Length <= 4 && next + 1 < text.Length && text[next + 1] is ',' or ' ' or '\n' ? next + 1 : next;
            }

            if (next >= text.Length || text[next] != ' ')
            {
                return 0;
            }

            next++;
        }

        return 0;
    }

    private static int NameFirst(ReadOnlySpan<char> text, int at, int end)
    {
        ReadOnlySpan<char> word = text[at..end];
        if (StreetBefore.Contains(word))
        {
            int name = Name(text, end, out int words);
            return words > 0 ? NumberAfter(text, name) : 0;
        }

        if (!char.IsUpper(word[0]))
        {
            return word is "ul" ? NumberAfter(text, Name(text, end, out int named)) * Math.Min(named, 1) : 0;
        }

        if (word is "Postfach")
        {
            return NumberAfter(text, end);
        }

        if (word is "P" && text[end..].StartsWith(".O. Box ", StringComparison.Ordinal))
        {
            return NumberAfter(text, end + 7);
        }

        foreach (string ending in StreetEndings)
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return NumberAfter(text, end < text.Length && text[end] == '.' ? end + 1 : end);
            }
        }

        return NumberAfter(text, SmallStreet(text, at));
    }

    /// <summary>The end of a small word for a street, and its point, behind one to three words with capitals from <paramref name="at"/>; the end of the text where there is none.</summary>
    private static int SmallStreet(ReadOnlySpan<char> text, int at)
    {
        for (int word = 0; word <= 3; word++)
        {
            ReadOnlySpan<char> part = WordAt(text, at);
            at += part.Length;
            if (word > 0 && StreetAfter.Contains(part) && char.IsLower(part[0]))
            {
                return at < text.Length && text[at] == '.' ? at + 1 : at;
            }

            if (part.IsEmpty || !char.IsUpper(part[0]) || at >= text.Length || text[at] != ' ' || NotNames.Contains(part))
            {
                break;
            }

            at++;
        }

        return text.Length;
    }

    /// <summary>The end of a street's name of capital words and what joins them; <paramref name="words"/> counts the capital ones.</summary>
    private static int Name(ReadOnlySpan<char> text, int at, out int words)
    {
        words = 0;
        int end = at;
        at += at < text.Length && text[at] == '.' ? 1 : 0;
        for (int part = 0; part < MostWords && at < text.Length && text[at] == ' '; part++)
        {
            ReadOnlySpan<char> word = WordAt(text, at + 1);
            bool capital = word.Length > 0 && char.IsUpper(word[0]);
            if (!capital && !Joining.Contains(word))
            {
                break;
            }

            at += 1 + word.Length;
            words += capital ? 1 : 0;
            end = capital ? at : end;
        }

        return end;
    }

    /// <summary>The end of a house number of up to four digits and a letter, or 0.</summary>
    private static int NumberAfter(ReadOnlySpan<char> text, int at)
    {
        at += at < text.Length && text[at] == ',' ? 1 : 0;
        int start = at + 1, end = start;
        if (at >= text.Length || text[at] != ' ')
        {
            return 0;
        }

        while (end < text.Length && end - start < 5 && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        if (end == start || end - start > 4)
        {
            return 0;
        }

        end += end < text.Length && char.IsAsciiLetterLower(text[end]) && (end + 1 == text.Length || !char.IsLetterOrDigit(text[end + 1])) ? 1 : 0;
        return end == text.Length || !char.IsLetterOrDigit(text[end]) ? end : 0;
    }

    /// <summary>What follows a street: unit, town and postal code in either order. Counts up to the last of them that is sure.</summary>
    private static int WithTown(ReadOnlySpan<char> text, int street)
    {
        int sure = street, at = street;
        bool coded = false;
        for (int part = 0; part < 6; part++)
        {
            int next = at;
            while (next < text.Length && next - at < 8 && text[next] is ' ' or ',' or '\n' or '\r')
            {
                next++;
            }

            if (next == at || next >= text.Length)
            {
                break;
            }

            int code = PostalCode(text, next);
            ReadOnlySpan<char> word = WordAt(text, next);
            if (code > 0 && !coded)
            {
                (sure, at, coded) = (code, code, true);
            }
            else if (Units.Contains(word) && Unit(text, next + word.Length) is > 0 and var unit)
            {
                at = unit;
                while (at < text.Length && char.IsLetterOrDigit(text[at]))
                {
                    at++;
                }

                sure = at;
            }
            else if (word.Length > 1 && char.IsUpper(word[0]))
            {
                at = next + word.Length;
                if (coded)
                {
                    // The town after its code, and no more.
                    sure = at;
                    break;
                }
            }
            else
            {
                break;
            }
        }

        return sure;
    }

    /// <summary>Where the number of a unit begins behind its word, "Apt. 4"; 0 where there is none.</summary>
    private static int Unit(ReadOnlySpan<char> text, int at)
    {
        at += at < text.Length && text[at] == '.' ? 2 : 1;
        return at < text.Length && text[at - 1] == ' ' && char.IsAsciiDigit(text[at]) ? at : 0;
    }

    /// <summary>The end of a postal code of one of the forms that are in use in Europe and America, or 0.</summary>
    private static int PostalCode(ReadOnlySpan<char> text, int at)
    {
        foreach (string form in (ReadOnlySpan<string>)["00000-0000", "0000-000", "00000-000", "00-000", "000 00", "0000 AA", "00000", "0000", "A0A 0A", "AA00 0AA", "AA0 0AA", "AA0A 0AA", "A00 0AA", "A0 0AA", "A0A 0A0"])
        {
            int i = 0;
            while (i < form.Length && at + i < text.Length && (form[i] switch
            {
                '0' => char.IsAsciiDigit(text[at + i]),
                'A' => char.IsAsciiLetterUpper(text[at + i]),
                char sign => text[at + i] == sign,
            }))
            {
                i++;
            }

            if (i == form.Length && (at + i == text.Length || !char.IsLetterOrDigit(text[at + i])))
            {
                return at + i;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<char> WordAt(ReadOnlySpan<char> text, int at) => at >= text.Length ? default : text[at..NameParts.WordEnd(text, at, possessive: true)];
}
