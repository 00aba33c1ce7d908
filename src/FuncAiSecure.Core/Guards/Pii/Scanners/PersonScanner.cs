using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>
/// Names of persons by the lists of names: a first name with what may be a surname, a surname before a first name, and a first name
/// alone where only a person can be meant. What the lists call a word too needs a partner that is none.
/// </summary>
internal static class PersonScanner
{
    /// <summary>A name that begins at <paramref name="at"/>; its end, or 0. <paramref name="past"/> is where to go on where there is none.</summary>
    public static int At(ReadOnlySpan<char> text, int at, out int past)
    {
        past = 0;
        if (!char.IsUpper(text[at]) || !Begins(text, at))
        {
            return 0;
        }

        Span<NamePart> room = stackalloc NamePart[NameParts.Most];
        Span<NamePart> parts = room[..NameParts.Read(text, at, room)];
        if (parts.IsEmpty || NotNames.Contains(text[at..parts[0].End]) || NotNames.IsBefore(text[at..parts[0].End]))
        {
            return 0;
        }

        int keyed = NameFrames.Keyed(text, parts);
        if (keyed > 0)
        {
            return keyed;
        }

        int last = Western(text, parts);
        last = last > 0 ? last : SurnameFirst(text, parts);
        last = last > 0 ? last : Strange(text, parts);
        if (last > 0)
        {
            past = parts[^1].End;
            return IsNamed(text, parts, last) ? parts[last].End : 0;
        }

        if (parts.Length > 2 && !HasProof(parts))
        {
            past = parts[^1].Start;
            return 0;
        }

        int end = NameFrames.Listed(text, parts);
        return end == 0 && parts.Length == 1 && Ends(text, parts[0].End) && !NotNames.Precedes(text, at) ? NameFrames.Alone(text, parts[0]) : end;
    }

    /// <summary>Whether the word from <paramref name="at"/> to <paramref name="end"/> stands alone and is no ordinary one, so that it repeats the name that has it.</summary>
    public static bool MayRepeat(ReadOnlySpan<char> text, int at, int end)
    {
        ReadOnlySpan<char> word = text[at..end];
        NameMark mark = NameList.Shared[word];
        bool alone = !(end + 1 < text.Length && text[end] == ' ' && char.IsUpper(text[end + 1])) && !NameFrames.IsBehindCapital(text, at);
        return alone && Begins(text, at) && Ends(text, end) && !NotNames.Precedes(text, at) && ((mark & (NameMark.First | NameMark.Last)) != 0 || (mark is NameMark.None && IsRare(word)));
    }

    /// <summary>A sure first name and a sure surname in small letters, as people write in chats; the end, or 0.</summary>
    public static int Small(ReadOnlySpan<char> text, int at, int end)
    {
        if (end - at < 3 || end + 3 > text.Length || text[end] != ' ' || !char.IsLower(text[at]) || !char.IsLower(text[end + 1]) || !Begins(text, at) || !IsSure(text[at..end], NameMark.First))
        {
            return 0;
        }

        int stop = NameParts.WordEnd(text, end + 1);
        return stop - end > 3 && Ends(text, stop) && IsSure(text[(end + 1)..stop], NameMark.Last) && !NotNames.Precedes(text, at) && (IsRare(text[at..end]) || IsRare(text[(end + 1)..stop])) ? stop : 0;
    }

    /// <summary>Whether a word is no common English one, so that beside a first name it is likely a surname.</summary>
    public static bool IsRare(ReadOnlySpan<char> word)
    {
        Span<char> small = stackalloc char[CommonWords.Longest];
        return word.Length > 2 && (word.Length > small.Length || CommonWords.Shared.RankOf(small[..word.ToLowerInvariant(small)]) < 0);
    }

    /// <summary>First names, initials, particles, surnames: the place of the last part, or 0.</summary>
    private static int Western(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts)
    {
        NamePart first = parts[0];
        bool sure = first.IsFirst, joined = false, surname = false, listed = false, upper = IsUpper(text, first);
        if (!first.MayBeFirst && first.Form is not NamePartForm.Initial)
        {
            return 0;
        }

        int last = 0, words = 0;
        for (int i = 1; i < parts.Length; i++)
        {
            NamePart part = parts[i];
            if (part.Form is NamePartForm.Suffix)
            {
                last = surname ? i : last;
                break;
            }

            if (part.Form is not NamePartForm.Word)
            {
                joined = true;
                continue;
            }

            ReadOnlySpan<char> word = text[part.Start..part.End];
            if (NotNames.Contains(word) || (upper != IsUpper(text, part) && !part.MayBeLast))
            {
                break;
            }

            // After a surname of the list only one that is surely a second.
            bool rare = !upper && IsRare(word);
            if (surname ? !(part.IsLast || (rare && (part.MayBeLast || (part.Mark is NameMark.None && !listed)))) : !(part.MayBeLast || part.IsFirst || (rare && (sure || joined))))
            {
                break;
            }

            sure |= part.IsLast || (part.IsFirst && !first.IsFirst) || (rare && joined && first.MayBeFirst);
            surname |= part.MayBeLast && !part.IsFirst || part.Mark is NameMark.None || joined;
            listed |= part.MayBeLast;
            words++;
            last = i;
        }

        // "J. Smith": an initial proves less than a name, and "A. Long" nothing.
        return last > 0 && sure && (first.Form is not NamePartForm.Initial || parts[last].IsLast) && words > 0 ? last : 0;
    }

    /// <summary>"Nagy Eszter", "Nguyen Thi Lan": the place of the last part, or 0.</summary>
    private static int SurnameFirst(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts)
    {
        int last = 0;
        bool first = false;
        if (!parts[0].MayBeLast || NotNames.Contains(text[parts[0].Start..parts[0].End]))
        {
            return 0;
        }

        for (int i = 1; i < parts.Length && i < 4; i++)
        {
            bool hyphen = text[parts[i].Start..parts[i].End].Contains('-');
            if (!parts[i].MayBeFirst || !(parts[0].IsLast || hyphen))
            {
                break;
            }

            first |= parts[i].IsFirst;
            last = i;
        }

        return first ? last : 0;
    }

    /// <summary>A word that no list and no dictionary has before a sure surname, within a sentence: the place of the last part, or 0.</summary>
    private static int Strange(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts)
    {
        int at = parts[0].Start;
        if (parts[0].Mark is not NameMark.None || parts[0].Form is not NamePartForm.Word || IsUpper(text, parts[0]) || !IsRare(text[at..parts[0].End]) || NotNames.IsNoun(text[at..parts[0].End]))
        {
            return 0;
        }

        int last = 1;
        bool initial = parts.Length > 2 && parts[1].Form is NamePartForm.Initial;
        if (!initial && !NameFrames.IsWithinSentence(text, at))
        {
            return 0;
        }

        while (last < parts.Length - 1 && parts[last].Form is NamePartForm.Initial or NamePartForm.Particle)
        {
            last++;
        }

        return last < parts.Length && parts[last].IsLast && !NotNames.Contains(text[parts[last].Start..parts[last].End]) ? last : 0;
    }

    /// <summary>Whether a run has a word, and a part that could make a name of it; without, no later part has to be asked again.</summary>
    private static bool HasProof(ReadOnlySpan<NamePart> parts)
    {
        bool words = false, proof = false;
        foreach (NamePart part in parts)
        {
            words |= part.Form is NamePartForm.Word;
            proof |= part.IsFirst || part.IsLast || part.Form is not NamePartForm.Word;
        }

        return words && proof;
    }

    /// <summary>Whether what stands before and behind lets a run be a person's name.</summary>
    private static bool IsNamed(ReadOnlySpan<char> text, ReadOnlySpan<NamePart> parts, int last)
    {
        int end = parts[last].End;
        ReadOnlySpan<char> lastWord = text[parts[last].Start..end];
        if (!Ends(text, end) || NotNames.Precedes(text, parts[0].Start) || NotNames.IsBrand(text[parts[0].Start..parts[1].End]) || NotNames.IsStreet(lastWord) || NotNames.BeforeStreet(text, end))
        {
            return false;
        }

        // "Martin Luther King Drive", "Robert Bosch GmbH", "Will Johnson Controls": who gave a thing its name is not meant.
        if (last + 1 < parts.Length && parts[last + 1].Form is NamePartForm.Word)
        {
            ReadOnlySpan<char> next = text[parts[last + 1].Start..parts[last + 1].End];
            return !NotNames.Contains(next) && !NotNames.Follows(next) && parts[0].IsFirst;
        }

        return !NotNames.IsFirm(text, end);
    }

    private static bool IsSure(ReadOnlySpan<char> word, NameMark mark) => (NameList.Shared[word] & mark) != 0;

    private static bool Begins(ReadOnlySpan<char> text, int at) =>
        at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '.' or '@' or '/' or '\\' or '-' or '\'' or '’' or '$' or '#' or '&') || OpensQuote(text, at);

    private static bool OpensQuote(ReadOnlySpan<char> text, int at) => text[at - 1] == '\'' && (at == 1 || !char.IsLetterOrDigit(text[at - 2]));

    private static bool Ends(ReadOnlySpan<char> text, int end) =>
        end >= text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '@' or '(' || (text[end] is '.' or '-' or '/' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1])));

    private static bool IsUpper(ReadOnlySpan<char> text, NamePart part) => part.End - part.Start > 1 && part.Form is NamePartForm.Word && !text[part.Start..part.End].ContainsAnyInRange('a', 'z');
}
