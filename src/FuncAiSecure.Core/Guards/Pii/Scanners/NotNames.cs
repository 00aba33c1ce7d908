using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Words beside which a name is that of a street, a firm, a house or a saint.</summary>
internal static class NotNames
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Never = WordSet.Of(
        // Streets and places.
        "street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "boulevard", "blvd", "square", "plaza", "court", "terrace", "crescent",
        "parkway", "highway", "way", "place", "station", "airport",
        "bridge", "tunnel", "tower", "building", "hotel", "hospital", "clinic", "school", "university", "college", "institute", "academy",
        "foundation", "library", "museum", "stadium", "arena", "center",
        "centre", "cathedral", "chapel", "island", "islands", "river", "bay", "county", "city", "village", "mountain", "canyon", "harbor", "harbour",
        "cemetery", "memorial", "monument", "gallery",
        "theatre", "theater", "opera", "zoo", "garden", "gardens", "district", "province", "state", "republic", "straße", "strasse", "platz", "weg",
        "allee", "gasse", "ring", "ufer", "schule", "klinik",
        "krankenhaus", "stiftung", "verlag", "gymnasium", "universität", "plein", "straat", "laan", "gade", "gatan",

        // Firms.
        "inc", "ltd", "llc", "llp", "plc", "gmbh", "ag", "kg", "ohg", "se", "sa", "sas", "sarl", "spa", "srl", "bv", "nv", "ab", "oy", "aps", "corp",
        "corporation", "company", "co", "group", "gruppe",
        "holding", "holdings", "partners", "partner", "associates", "sons", "son", "söhne", "brothers", "bros", "industries", "bank", "capital",
        "consulting", "solutions", "systems", "services",
        "software", "technologies", "technology", "international", "global", "media", "motors", "airlines", "airways", "foods", "stores", "store",
        "shop", "insurance", "securities", "ventures",
        "enterprises", "enterprise", "agency", "limited", "laboratories", "labs", "pharma", "pharmaceuticals", "electronics", "energy", "logistics",
        "records", "press", "publishing", "books",

        // Prizes, laws, works and days.
        "cup", "award", "awards", "prize", "medal", "trophy", "act", "theorem", "method", "effect", "series", "collection", "edition", "show", "tour",
        "game", "games", "club", "fc", "team", "fund",
        "trust", "scholarship", "syndrome", "disease", "scale", "january", "february", "march", "april", "june", "july", "august", "september",
        "october", "november", "december", "monday", "tuesday",
        "wednesday", "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",

        // Words that begin or fill sentences and headings.
        "the", "a", "an", "and", "or", "of", "is", "in", "on", "at", "to", "for", "my", "your", "our", "his", "her", "this", "that", "i", "we", "you",
        "he", "she", "it", "they", "please", "thanks", "hello", "hi",
        "dear", "no", "not", "yes", "all", "new", "how", "what", "when", "where", "who", "why", "mr", "mrs", "ms", "miss", "mx", "prof", "sir", "lord", "lady",
        "herr", "herrn", "frau", "madame", "monsieur", "mme", "mlle", "señor", "señora", "sra", "signor", "signora", "sig", "dott", "senhor",
        "senhora", "mevrouw", "meneer", "dhr", "mw");

    // What makes a thing of the name before it, and is a surname by itself.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> After = WordSet.Of(
        "park", "hall", "house", "church", "lake", "day", "law", "beach", "hill", "hills", "lane", "wood", "woods", "castle", "valley", "creek",
        "field", "fields", "market", "farm", "close", "grove", "mill",
        "temple", "abbey", "green", "airport", "test", "model", "project", "theory", "principle", "rule", "motorsport", "racing", "band", "orchestra",
        "quartet", "trio", "ensemble", "constant", "number", "distribution", "equation");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Before = WordSet.Of(
        "saint", "st", "san", "santa", "sankt", "são", "lake", "mount", "mt", "fort", "port", "cape", "camp", "hurricane", "storm", "rue", "via",
        "calle", "avenue", "avenida", "plaza", "piazza", "place",
        "rua", "ulica", "ul", "viale", "corso", "boulevard", "hotel", "hospital", "university", "ss", "hms", "uss", "gebrüder", "firma", "autohaus",
        "kanzlei", "bäckerei", "metzgerei", "apotheke", "restaurant", "café", "chez", "bar",
        "familie", "family", "famille", "maison", "casa", "stiftung", "fundación");

    // Firms, brands and characters that bear the whole name of a person, by its first two words.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Brands = WordSet.Of(
        "alfa romeo", "ann taylor", "aston martin", "aunt jemima", "baker hughes", "bath body", "betty crocker", "bobbi brown", "booz allen",
        "calvin klein", "captain morgan", "carl zeiss", "carolina herrera",
        "charles schwab", "charlotte tilbury", "christian dior", "christian louboutin", "dolce gabbana", "eddie bauer", "edward jones", "eli lilly",
        "elizabeth arden", "ermenegildo zegna", "estée lauder",
        "estee lauder", "fannie mae", "freddie mac", "sallie mae", "giorgio armani", "emporio armani", "goldman sachs", "guy laroche",
        "harley davidson", "harry potter", "harry winston", "helena rubinstein",
        "helly hansen", "hewlett packard", "hugo boss", "issey miyake", "jack daniel", "jack daniels", "jack wolfskin", "james bond", "jean paul",
        "jenny craig", "jil sander", "jim beam", "jimmy choo",
        "jimmy dean", "johnnie walker", "john deere", "john hancock", "john lewis", "jones lang", "johnson controls", "karl lagerfeld", "kate spade",
        "kenneth cole", "kim crawford", "land rover", "laura ashley",
        "lee cooper", "le mans", "louis vuitton", "marc jacobs", "marie callender", "mark levinson", "mary kay", "mary jane", "max mara",
        "merrill lynch", "michael kors", "michael page", "mickey mouse",
        "miu miu", "mona lisa", "morgan stanley", "naf naf", "nina ricci", "oliver wyman", "orville redenbacher", "oscar mayer", "paco rabanne",
        "papa john", "paris hilton", "patek philippe", "paul mitchell", "perry ellis",
        "peter pan", "philip morris", "pierre cardin", "ralph lauren", "ray ban", "raymond james", "raymond weil", "robert half", "robert walters",
        "robin hood", "rolls royce", "ronald mcdonald", "saint laurent",
        "samuel adams", "santa claus", "sara lee", "sherlock holmes", "stella artois", "stella mccartney", "ted baker", "thomas cook",
        "thomson reuters", "tim hortons", "tommy bahama", "tommy hilfiger", "tony roma",
        "tory burch", "vera bradley", "vera wang", "victoria beckham", "yves rocher", "yves saint");

    /// <summary>How names of streets end that are written in one word, where no name of a person does.</summary>
    public static readonly ImmutableArray<string> StreetEndings = ["straße", "strasse", "str", "weg", "gasse", "platz", "allee", "damm", "ufer", "straat", "laan", "plein", "gatan", "vägen", "vej", "gade", "veien"];

    private static readonly ImmutableArray<string> NounEndings = ["ung", "keit", "heit", "schaft", "haus", "hof", "werk", "amt", "markt", "ei", "ion", "tät", "ing", "tion", "ment", "ness", "system", "preis", "buch"];

    /// <summary>Whether a word is no part of a name, whatever the lists say.</summary>
    public static bool Contains(ReadOnlySpan<char> word) => Never.Contains(word);

    /// <summary>Whether a word behind a whole name makes a thing of it.</summary>
    public static bool Follows(ReadOnlySpan<char> word) => After.Contains(word);

    /// <summary>Whether a word makes a place or a firm of what follows it.</summary>
    public static bool IsBefore(ReadOnlySpan<char> word) => Before.Contains(word);

    /// <summary>Whether the word before <paramref name="at"/> makes a place or a firm of what follows.</summary>
    public static bool Precedes(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        while (end > 0 && at - end < 2 && text[end - 1] is ' ' or '.')
        {
            end--;
        }

        int start = NameParts.WordStart(text, end);
        bool numbered = end < at && start == end && end > 0 && char.IsAsciiDigit(text[end - 1]) && text[end] == ' ';
        return numbered || (start < end && end < at && Before.Contains(text[start..end])) || (end < at && end > 0 && text[end - 1] is '&' or '+');
    }

    /// <summary>Whether two words are the name of a firm, a brand or a character.</summary>
    public static bool IsBrand(ReadOnlySpan<char> name) => Brands.Contains(name);

    /// <summary>Whether a word ends as the names of streets do that are written in one.</summary>
    public static bool IsStreet(ReadOnlySpan<char> word) => EndsWith(word, StreetEndings);

    /// <summary>Whether a word ends as nouns do that name no person.</summary>
    public static bool IsNoun(ReadOnlySpan<char> word) => EndsWith(word, NounEndings);

    /// <summary>"Hegedűs Gyula utca": whether a small word for a street stands behind the blank at <paramref name="end"/>.</summary>
    public static bool BeforeStreet(ReadOnlySpan<char> text, int end) =>
        end + 1 < text.Length && text[end] == ' ' && text[(end + 1)..NameParts.WordEnd(text, end + 1)] is "utca" or "út" or "u" or "tér" or "körút" or "street" or "road" or "katu" or "tie" or "caddesi" or "sokak";

    private static bool EndsWith(ReadOnlySpan<char> word, ImmutableArray<string> endings)
    {
        foreach (string ending in endings)
        {
            if (word.Length > ending.Length && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"&amp; Co", ", Inc.": whether a firm's ending stands at <paramref name="end"/>.</summary>
    public static bool IsFirm(ReadOnlySpan<char> text, int end)
    {
        ReadOnlySpan<char> rest = text[end..Math.Min(text.Length, end + 3)];
        int next = rest switch
        {
            [' ', '&', ' '] or [' ', '+', ' '] => end + 3,
            [',', ' ', ..] => end + 2,
            _ => -1,
        };
        if (next < 0)
        {
            return false;
        }

        ReadOnlySpan<char> word = text[next..NameParts.WordEnd(text, next)];
        return text[next - 2] == ',' ? word is "Inc" or "Ltd" or "LLC" or "LLP" or "Corp" : word.Length > 0 && (NameList.Shared[word] & (NameMark.First | NameMark.FirstOrWord)) == 0;
    }
}
