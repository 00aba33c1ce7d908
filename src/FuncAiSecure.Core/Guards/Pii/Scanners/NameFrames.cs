using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Where a list's form or the words around say that a single name means a person: "Novak, Petra", "Hi Ahmed,", "Emily called".</summary>
internal static class NameFrames
{
    private const int ShortestAlone = 3;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Greetings = WordSet.Of("hi", "hello", "hey", "thanks", "hallo", "hola", "bonjour", "ciao", "salut", "hej");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Deeds = WordSet.Of(
        "said", "says", "called", "asked", "wrote", "told", "replied", "thinks", "wants", "knows", "loves", "mentioned", "answered", "agreed",
        "emailed", "phoned", "texted", "forgot", "promised");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Keys = WordSet.Of(
        "firstname", "lastname", "middlename", "surname", "givenname", "familyname", "fullname", "customername", "contactname", "patientname",
        "employeename", "accountholder", "cardholder", "cardholdername",
        "beneficiaryname", "recipientname", "vorname", "nachname", "nombre", "apellido", "apellidos", "prenom", "cognome", "sobrenome", "voornaam",
        "achternaam", "imie", "nazwisko");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> With = WordSet.Of("with", "by", "for", "at");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Relations = WordSet.Of(
        "brother", "sister", "wife", "husband", "son", "daughter", "friend", "colleague", "mother", "father", "boss", "neighbor", "neighbour",
        "cousin", "uncle", "aunt", "girlfriend", "boyfriend",
        "tell", "told", "ask", "asked", "named");

    /// <summary>"Surname, First" as one entry of a list, table or form; its end, or 0.</summary>
    public static int Listed(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts)
    {
        int end = parts[0].End;
        if (parts.Length > 1 || !parts[0].MayBeLast || parts[0].IsFirst || end + 2 >= text.Length || text[end] != ',' || text[end + 1] != ' ' || !OpensEntry(text, parts[0].Start))
        {
            return 0;
        }

        Span<NamePart> room = stackalloc NamePart[NameParts.Most];
        Span<NamePart> given = room[..NameParts.Read(text, end + 2, room)];
        if (given.IsEmpty || given.Length > 2 || !given[0].MayBeFirst || !(given[0].IsFirst || parts[0].IsLast) || NotNames.Contains(text[given[0].Start..given[0].End]))
        {
            return 0;
        }

        foreach (NamePart part in given)
        {
            if (part.Form is not NamePartForm.Initial && !part.MayBeFirst)
            {
                return 0;
            }
        }

        return ClosesEntry(text, given[^1].End) ? given[^1].End : 0;
    }

    /// <summary>The value of a key that says it is a name, <c>"first_name": "Oskar"</c>; its end, or 0.</summary>
    public static int Keyed(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts)
    {
        int at = parts[0].Start, end = parts[^1].End;
        if (at == 0 || text[at - 1] is not ('"' or '\'' or '=') || !(end == text.Length || text[end] is '"' or '\'' or '&' or ';' or '\n' or '\r'))
        {
            return 0;
        }

        ReadOnlySpan<char> key = Nearby.Key(text, at);
        Span<char> plain = stackalloc char[key.Length];
        int length = 0;
        foreach (char c in key)
        {
            plain[length] = c;
            length += c is '_' or '-' ? 0 : 1;
        }

        return Keys.Contains(plain[..length]) ? end : 0;
    }

    /// <summary>A first name alone in words that mean a person; its end, or 0.</summary>
    public static int Alone(ReadOnlySpan<char> text, NamePart name)
    {
        ReadOnlySpan<char> word = text[name.Start..name.End];
        if (word.Length < ShortestAlone || !word.ContainsAnyInRange('a', 'z'))
        {
            return 0;
        }

        ReadOnlySpan<char> before = WordBefore(text, name.Start);
        char next = name.End < text.Length ? text[name.End] : '\n';
        if (next is ',' or '!' && Greetings.Contains(before) && (name.IsFirst || (name.Mark is NameMark.None && PersonScanner.IsRare(word))))
        {
            return name.End;
        }

        if (!name.IsFirst)
        {
            return 0;
        }

        bool ends = next is ',' or '!' or '.' or '?' or ';' or ':' or '\n' or '\r' or ')';
        return (ends && (With.Contains(before) || IsListed(text, name, next)))
            || (next == ' ' && (Greetings.Contains(before) || Relations.Contains(before) || Acts(text, name.End + 1)))
            || (ends && Relations.Contains(before))
            ? name.End
            : 0;
    }

    /// <summary>Whether what begins at <paramref name="at"/> stands behind a small word, a comma or a bracket: capitals are no matter of course there.</summary>
    public static bool IsWithinSentence(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        while (end > 0 && at - end < 2 && text[end - 1] is ' ' or '(' or '"')
        {
            end--;
        }

        return end > 0 && end < at && (char.IsLower(text[end - 1]) || text[end - 1] is ',' or ';' or ':');
    }

    /// <summary>Whether the word before, parted by one blank, has a capital: what begins at <paramref name="at"/> may be the second half of something.</summary>
    public static bool IsBehindCapital(ReadOnlySpan<char> text, int at) => WordBefore(text, at) is [var first, ..] && char.IsUpper(first);

    /// <summary>"Anna, Peter and Tom": whether a neighbor in a list is a first name, too.</summary>
    private static bool IsListed(ReadOnlySpan<char> text, NamePart name, char next)
    {
        int after = name.End + 2;
        if (next == ',' && after < text.Length && text[after - 1] == ' ' && char.IsUpper(text[after]))
        {
            int end = NameParts.WordEnd(text, after);
            return NameList.Shared[text[after..end]].HasFlag(NameMark.First) && (end == text.Length || text[end] is ',' || text[end..].StartsWith(" and ", StringComparison.Ordinal));
        }

        return false;
    }

    private static bool Acts(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> word = text[at..NameParts.WordEnd(text, at)];
        return Deeds.Contains(word) || (word.Length > 4 && char.IsLower(word[0]) && word.EndsWith("ed", StringComparison.Ordinal));
    }

    private static ReadOnlySpan<char> WordBefore(ReadOnlySpan<char> text, int at)
    {
        int end = at > 0 && text[at - 1] == ' ' ? at - 1 : at;
        return end == at ? default : text[NameParts.WordStart(text, end)..end];
    }

    private static bool OpensEntry(ReadOnlySpan<char> text, int at)
    {
        int before = at - 1;
        while (before >= 0 && at - before < 4 && text[before] == ' ')
        {
            before--;
        }

        return before < 0 || text[before] is '\n' or '\t' or ';' or '|' or '"' or ':' or '>';
    }

    private static bool ClosesEntry(ReadOnlySpan<char> text, int end) => end >= text.Length || text[end] is '\n' or '\r' or '\t' or ';' or '|' or '"' or '<' || (text[end] == ' ' && end + 1 < text.Length && text[end + 1] is '|' or '(');
}
