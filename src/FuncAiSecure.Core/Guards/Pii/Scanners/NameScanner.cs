using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>
/// Names of persons where the words before say that one follows: "my name is", a title, a salutation, "Name:", a closing line. Names
/// without such words are left to <see cref="PersonScanner"/>: capitals alone prove nothing.
/// </summary>
internal static class NameScanner
{
    private const int Reach = 24;
    private const int MostParts = 5;

    /// <summary>What may stand between an anchor and the name.</summary>
    private enum Link
    {
        /// <summary>A blank; a point after an abbreviation.</summary>
        Blank,

        /// <summary>A colon.</summary>
        Colon,

        /// <summary>The end of a line.</summary>
        Line,
    }

    // By their last letter, so that a capital costs a few comparisons. A capital anchor must stand so in the text.
    private static readonly FrozenDictionary<char, (string Words, Link Link)[]> Anchors =
        With(Link.Blank, "my name is", "mein name ist", "ich heiße", "ich heisse", "je m'appelle", "je m’appelle", "mon nom est", "me llamo", "mi nombre es", "mi chiamo",
                "il mio nome è", "meu nome é", "me chamo", "mijn naam is", "ik heet", "jag heter", "jeg heter", "jeg hedder", "nazywam się",
                "mam na imię", "меня зовут", "мене звати",
                "dear", "liebe", "lieber", "chère", "querida", "querido", "estimada", "estimado", "beste", "drogi", "droga")
        .Concat(With(Link.Blank, "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Miss", "Herr", "Herrn", "Frau", "Madame", "Monsieur", "Mme", "Mlle", "Señor", "Señora", "Sr", "Sra", "Signor", "Signora",
                "Sig", "Dott", "Senhor", "Senhora", "Mevrouw", "Dhr", "Mw"))
        .Concat(With(Link.Colon, "full name", "first name", "last name", "surname", "contact", "attn", "patient", "passenger", "applicant", "employee", "customer", "guest", "signed by",
                "nachname", "vorname", "ansprechpartner", "nom", "prénom", "nombre", "apellido", "apellidos", "cognome", "sobrenome", "naam",
                "nazwisko", "имя", "фамилия"))
        .Concat(With(Link.Line, "regards", "sincerely", "yours truly", "best wishes", "cheers", "grüßen", "gruß", "grüße", "cordialement", "salutations", "saludos", "atentamente", "saluti",
                "cumprimentos", "groeten", "groet", "hälsningar", "pozdrawiam", "уважением"))
        .Concat(With(Link.Colon, "^name"))
        .GroupBy(anchor => char.ToLowerInvariant(anchor.Words[^1])).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    // What follows such words and is nobody's name.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NoNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "sir", "sirs", "madam", "madame", "team", "all", "customer", "customers", "client", "support", "friend", "friends", "colleague", "colleagues",
        "everyone", "everybody", "hiring", "manager", "valued", "user", "guest", "member", "members", "committee", "editor", "reader", "readers",
        "diary", "god", "santa", "lord", "the", "this",
        "that", "i", "we", "you", "it", "he", "she", "they", "not", "no", "none", "unknown", "please", "thank", "thanks", "universe", "world",
        "america", "your", "our", "my", "a", "an",
        "kolleginnen", "kollegen", "damen", "herren", "kunde", "kunden", "mr", "mrs", "ms", "dr", "prof", "herr", "herrn", "frau", "sr", "sra",
        "señor", "señora", "dott", "signor", "signora", "sales", "service", "office", "department")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word with a capital, or a particle, at <paramref name="at"/> begins a name; its end, or 0.</summary>
    public static int At(ReadOnlySpan<char> text, int at)
    {
        if (!Precedes(text, at))
        {
            return 0;
        }

        int end = 0, next = at;
        for (int part = 0; part < MostParts && next < text.Length; part++)
        {
            int stop = NameParts.WordEnd(text, next);
            ReadOnlySpan<char> word = text[next..stop];
            bool initial = word.Length == 1 && stop < text.Length && text[stop] == '.';
            bool capital = word.Length > 0 && char.IsUpper(word[0]);
            if (!(capital || (NameParts.IsParticle(word) && stop < text.Length && text[stop] == ' ')) || NoNames.Contains(word) || (word.Length == 1 && !initial) || IsIdentifier(word))
            {
                break;
            }

            end = capital && !initial ? stop : end;
            stop += initial ? 1 : 0;
            if (stop >= text.Length || text[stop] != ' ')
            {
                break;
            }

            next = stop + 1;
        }

        return end;
    }

    // RenderThread, not McLeod, DeShawn or O'Brien.
    private static bool IsIdentifier(ReadOnlySpan<char> word)
    {
        for (int i = 4; i < word.Length; i++)
        {
            if (char.IsUpper(word[i]) && char.IsLower(word[i - 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static (string Words, Link Link)[] With(Link link, params string[] words) => [.. words.Select(word => (word, link))];

    private static bool Precedes(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - Reach)..at];
        ReadOnlySpan<char> said = before.TrimEnd(" \t\r\n");
        ReadOnlySpan<char> gap = before[said.Length..];
        if (said.IsEmpty || gap.IsEmpty)
        {
            return false;
        }

        Link link = said[^1] == ':' ? Link.Colon : gap.Contains('\n') ? Link.Line : Link.Blank;
        bool point = said[^1] == '.';
        said = said.TrimEnd(link switch { Link.Colon => ": ", Link.Line => ",. ", _ => "." });
        if (said.IsEmpty || !Anchors.TryGetValue(char.ToLowerInvariant(said[^1]), out (string Words, Link Link)[]? anchors))
        {
            return false;
        }

        foreach ((string anchor, Link wanted) in anchors)
        {
            bool alone = anchor[0] == '^', title = char.IsUpper(anchor[0]);
            ReadOnlySpan<char> words = alone ? anchor.AsSpan(1) : anchor;
            if (wanted != link || !said.EndsWith(words, title ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase) || (point && !title))
            {
                continue;
            }

            int start = said.Length - words.Length;
            bool starts = start == 0 ? at - before.Length + start == 0 || !char.IsLetterOrDigit(text[at - before.Length - 1]) : !char.IsLetterOrDigit(said[start - 1]);

            // "Product name:" names no person, and "Elm Dr. Springfield" is a street.
            ReadOnlySpan<char> earlier = said[..start].TrimEnd(' ');
            bool part = (alone && !earlier.IsEmpty && char.IsLetterOrDigit(earlier[^1])) || (title && words is "Dr" && point && AfterCapital(earlier));
            if (starts && !part)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AfterCapital(ReadOnlySpan<char> earlier)
    {
        int start = earlier.Length;
        while (start > 0 && char.IsLetterOrDigit(earlier[start - 1]))
        {
            start--;
        }

        return start < earlier.Length && char.IsUpper(earlier[start]) && earlier[start..] is not ("Frau" or "Herr" or "Herrn" or "Prof");
    }
}
