using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Turns a text back that was written backwards, upside down, or through a cipher of letters (a shift such as rot13 or Caesar's, or the
/// alphabet backwards, atbash), broken into parts of words, or misspelt, where common words betray it.
/// </summary>
internal static class TurnedText
{
    private const int MostChars = 8_192;
    private const int ProbeWords = 200;

    /// <summary>Unknown words that the rarer ways are tried on; of short words too many are words again by chance.</summary>
    private const int RareProbes = 32;

    private const int ShortestWord = 3;
    private const int ShortestRareWord = 4;
    private const int LeastRare = 3;

    /// <summary>The usual ways first.</summary>
    private static readonly Way[] Ways =
    [
        new("abcdefghijklmnopqrstuvwxyz", IsBackward: true),
        Shift(13),
        new("aqcpefghijklmuodbrstnvwxyz", IsBackward: true),
        new("zyxwvutsrqponmlkjihgfedcba", IsBackward: false),
        .. Enumerable.Range(1, 25).Where(by => by != 13).Select(Shift),
    ];

    private const int UsualWays = 2;

    /// <summary>
    /// What of the text reads better turned back, or null. Each stretch of 200 words is judged by itself: plain words before a
    /// turned sentence do not hide it.
    /// </summary>
    public static string? Read(ReadOnlySpan<char> folded)
    {
        StringBuilder? turned = null;
        for (int at = 0; at < folded.Length && (turned is null || turned.Length < MostChars);)
        {
            (Way? found, bool isBroken) = Find(folded[at..], out int length);
            ReadOnlySpan<char> stretch = folded.Slice(at, Math.Min(length, MostChars));
            if (found is { } way)
            {
                Turn(stretch, way, turned ??= new StringBuilder());
            }

            if (isBroken)
            {
                Mend(stretch, ref turned);
            }

            at += length;
        }

        return turned?.ToString();
    }

    /// <summary>Appends the stretch with its words joined, and with them mended. What could be either is read both ways.</summary>
    private static void Mend(ReadOnlySpan<char> stretch, ref StringBuilder? turned)
    {
        if (BrokenWords.Join(stretch) is { } joined)
        {
            _ = (turned ??= new StringBuilder()).Append(MisspeltWords.Mend(joined) ?? joined).Append(' ');
        }

        if (MisspeltWords.Mend(stretch) is { } mended)
        {
            _ = (turned ??= new StringBuilder()).Append(mended).Append(' ');
        }
    }

    private static void Turn(ReadOnlySpan<char> text, Way way, StringBuilder turned)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _ = turned.Append(way.Of(text[way.IsBackward ? text.Length - 1 - i : i]));
        }

        _ = turned.Append(' ');
    }

    /// <summary>
    /// The way in which most of the words that are none of the list become one, if that is no accident, and whether so many others are none
    /// that they may be parts of words or misspelt. Reads the first <see cref="ProbeWords"/> words and says where they end.
    /// </summary>
    private static (Way? Way, bool IsBroken) Find(ReadOnlySpan<char> text, out int read)
    {
        Span<int> hits = stackalloc int[Ways.Length];
        hits.Clear();
        int words = 0, unknown = 0, rare = 0;
        read = 0;
        while (read < text.Length && words < ProbeWords)
        {
            int length = 0;
            while (read + length < text.Length && char.IsAsciiLetter(text[read + length]))
            {
                length++;
            }

            ReadOnlySpan<char> word = text.Slice(read, length);
            read = Math.Min(text.Length, read + length + 1);
            if (length is < ShortestWord or > CommonWords.Longest)
            {
                continue;
            }

            words++;
            if (CommonWords.Shared.Contains(word))
            {
                continue;
            }

            unknown++;
            bool isRare = length >= ShortestRareWord && rare < RareProbes;
            rare += isRare ? 1 : 0;
            for (int way = 0; way < (isRare ? Ways.Length : UsualWays); way++)
            {
                hits[way] += Ways[way].GivesWord(word) ? 1 : 0;
            }
        }

        int usual = hits[0] >= hits[1] ? 0 : 1, best = UsualWays;
        for (int way = UsualWays; way < hits.Length; way++)
        {
            best = hits[way] > hits[best] ? way : best;
        }

        if (hits[best] >= LeastRare && hits[best] * 2 >= rare && hits[best] > hits[usual])
        {
            return (Ways[best], false);
        }

        // Parts of words are words backwards or rotated more often than chance would have it.
        return (hits[usual] >= Math.Max(2, words / 10) ? Ways[usual] : null, unknown >= 2 && unknown * 8 >= words && hits[usual] * 4 < unknown * 3);
    }

    private static Way Shift(int by) => new(string.Create(26, by, static (letters, shift) =>
    {
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)('a' + ((i + shift) % 26));
        }
    }), IsBackward: false);

    /// <summary>What each letter stands for, and whether the text runs backwards.</summary>
    private sealed record Way(string Letters, bool IsBackward)
    {
        public char Of(char c) => char.IsAsciiLetter(c) ? Letters[(c | 0x20) - 'a'] : c;

        public bool GivesWord(ReadOnlySpan<char> word)
        {
            int node = CommonWords.Root;
            for (int i = 0; i < word.Length && node >= 0; i++)
            {
                node = CommonWords.Shared.Next(node, Of(word[IsBackward ? word.Length - 1 - i : i]));
            }

            return node >= 0 && CommonWords.Shared.Rank(node) >= 0;
        }
    }
}
