using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Pii.Scanners;

/// <summary>Reads runs of words with capitals, initials and particles, parted by single blanks.</summary>
internal static class NameParts
{
    /// <summary>No run is read further.</summary>
    public const int Most = 7;

    private const int LongestWord = 48;
    private const int LongestBefore = 12;

    // Not und, zum, zur, te and op: behind a name they far more often go on with the sentence.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Particles = FrozenSet.Create(
        StringComparer.Ordinal, "van", "von", "vom", "de", "der", "den", "del", "della", "delle", "dello", "degli", "di", "da", "das", "do", "dos", "du", "des", "la", "le", "las", "los", "bin", "bint",
        "ibn", "ben", "al", "el", "ten", "ter", "zu", "af", "av", "y", "e", "in't")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    // Particles that some write with a capital: Noor El Khatib.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Articles =
        FrozenSet.Create(StringComparer.Ordinal, "El", "Al", "Van", "Von", "De", "Del", "Della", "Di", "Da", "Dos", "La", "Le", "Bin", "Ibn", "Abu").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the run that begins at <paramref name="at"/>; how many parts it has.</summary>
    public static int Read(ReadOnlySpan<char> text, int at, Span<NamePart> parts)
    {
        int count = 0, words = 0;
        while (count < Most && at < text.Length)
        {
            int end = WordEnd(text, at);
            if (end == at)
            {
                break;
            }

            ReadOnlySpan<char> word = text[at..end];
            bool point = end < text.Length && text[end] == '.';
            NamePartForm form = NamePartForm.Word;
            NameMark mark = NameMark.None;
            if (!char.IsUpper(word[0]))
            {
                if (words == 0 || !IsParticle(word))
                {
                    break;
                }

                form = NamePartForm.Particle;
            }
            else if (words > 0 && Articles.Contains(word) && end + 1 < text.Length && text[end] == ' ' && char.IsUpper(text[end + 1]))
            {
                form = NamePartForm.Particle;
            }
            else if (word.Length == 1 && char.IsAsciiLetterUpper(word[0]))
            {
                form = NamePartForm.Initial;
            }
            else if (count > 1 && word is "Jr" or "Sr" or "II" or "III" or "MD" or "DDS" or "DVM" or "PhD")
            {
                form = NamePartForm.Suffix;
            }
            else
            {
                mark = NameList.Shared[word];
                words++;
            }

            point &= form is NamePartForm.Initial or NamePartForm.Suffix;
            end += point ? 1 : 0;
            parts[count++] = new NamePart(at, end, form, mark);

            // "J.K. Rowling": an initial needs no blank behind its point.
            bool joined = point && form is NamePartForm.Initial && end < text.Length && char.IsUpper(text[end]);
            if (!joined && (end >= text.Length || text[end] != ' '))
            {
                break;
            }

            at = joined ? end : end + 1;
        }

        while (count > 0 && parts[count - 1].Form is NamePartForm.Particle)
        {
            count--;
        }

        return count;
    }

    /// <summary>Whether a word joins the parts of a name: van, de la, bin.</summary>
    public static bool IsParticle(ReadOnlySpan<char> word) => Particles.Contains(word);

    /// <summary>
    /// The end of the word at <paramref name="at"/>: letters, and hyphens and apostrophes between them, and the 's of a possessive only where <paramref name="possessive"/> asks for it.
    /// What is longer than a name counts as no word: in a chain of hyphens every link is asked for.
    /// </summary>
    public static int WordEnd(ReadOnlySpan<char> text, int at, bool possessive = false)
    {
        int end = at;
        while (end < text.Length && end - at <= LongestWord && (char.IsLetter(text[end])
            || (text[end] is '\'' or '’' or '-' && end > at && end + 1 < text.Length && char.IsLetter(text[end + 1]) && (possessive || !IsPossessive(text, end)))))
        {
            end++;
        }

        return end - at > LongestWord ? at : end;
    }

    /// <summary>Where the word begins that ends at <paramref name="end"/>: letters alone, a short word's at most.</summary>
    public static int WordStart(ReadOnlySpan<char> text, int end)
    {
        int start = end;
        while (start > 0 && end - start < LongestBefore && char.IsLetter(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static bool IsPossessive(ReadOnlySpan<char> text, int at) =>
        text[at] != '-' && text[at + 1] is 's' or 'S' && (at + 2 == text.Length || !char.IsLetter(text[at + 2]));
}
