namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Turns a text back that was written backwards, word order reversed, or through rot13, where common words betray it.</summary>
internal static class TurnedText
{
    private const int MostChars = 8_192;
    private const int ProbeWords = 200;
    private const int ShortestWord = 3;

    /// <summary>The text turned back, or null where nothing of it reads better so.</summary>
    public static string? Read(ReadOnlySpan<char> folded)
    {
        (int words, int backward, int rotated) = Probe(folded);
        int least = Math.Max(2, words / 10);
        folded = folded[..Math.Min(folded.Length, MostChars)];
        if (backward >= least && backward >= rotated)
        {
            return string.Create(folded.Length, folded, static (to, from) =>
            {
                from.CopyTo(to);
                to.Reverse();
            });
        }

        return rotated >= least
            ? string.Create(folded.Length, folded, static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = Rotate(from[i]);
                }
            })
            : null;
    }

    /// <summary>Counts words that are none of the list as they stand and are one backwards or rotated.</summary>
    private static (int Words, int Backward, int Rotated) Probe(ReadOnlySpan<char> text)
    {
        Span<char> turned = stackalloc char[CommonWords.Longest];
        int words = 0, backward = 0, rotated = 0;
        for (int at = 0; at < text.Length && words < ProbeWords;)
        {
            int length = 0;
            while (at + length < text.Length && char.IsAsciiLetter(text[at + length]))
            {
                length++;
            }

            ReadOnlySpan<char> word = text.Slice(at, length);
            at += length + 1;
            if (length < ShortestWord || length > turned.Length)
            {
                continue;
            }

            words++;
            if (CommonWords.Shared.Contains(word))
            {
                continue;
            }

            word.CopyTo(turned);
            turned[..length].Reverse();
            backward += CommonWords.Shared.Contains(turned[..length]) ? 1 : 0;
            for (int i = 0; i < length; i++)
            {
                turned[i] = Rotate(word[i]);
            }

            rotated += CommonWords.Shared.Contains(turned[..length]) ? 1 : 0;
        }

        return (words, backward, rotated);
    }

    private static char Rotate(char c) => c switch
    {
        >= 'a' and <= 'z' => (char)('a' + ((c - 'a' + 13) % 26)),
        >= 'A' and <= 'Z' => (char)('A' + ((c - 'A' + 13) % 26)),
        _ => c,
    };
}
