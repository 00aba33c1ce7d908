namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>What a word is made of.</summary>
/// <param name="Ascii">ASCII letters.</param>
/// <param name="Other">Other letters.</param>
/// <param name="Alike">Other letters that look like an ASCII one.</param>
/// <param name="Drawn">Other letters that are only drawn like one: a reader takes them for it among Latin letters.</param>
/// <param name="Leet">Digits and signs that can stand for a letter.</param>
/// <param name="InnerLeet">Whether one of them stands between two letters, and letters are not outnumbered.</param>
internal readonly record struct WordShape(int Ascii, int Other, int Alike, int Drawn, int Leet, bool InnerLeet)
{
    /// <summary>Looks at one word; without <paramref name="alike"/> look-alikes are not counted.</summary>
    public static WordShape Of(ReadOnlySpan<char> word, ReadOnlySpan<char> alike)
    {
        int ascii = 0, other = 0, likes = 0, drawn = 0, leet = 0;
        bool inner = false;
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            if (char.IsAsciiLetter(c))
            {
                ascii++;
            }
            else if (c < 0x80)
            {
                if (IsLeet(c))
                {
                    leet++;
                    inner |= i > 0 && char.IsAsciiLetter(word[i - 1]) && NextIsLetter(word, i);
                }
            }
            else if (char.IsLetter(c) || char.IsSurrogate(c))
            {
                other++;
                char like = i < alike.Length ? alike[i] : '\0';
                likes += char.IsAsciiLetterLower(like) ? 1 : 0;
                drawn += char.IsAsciiLetterUpper(like) ? 1 : 0;
            }
        }

        return new WordShape(ascii, other, likes, drawn, leet, inner && ascii >= leet);
    }

    private static bool IsLeet(char c) => c is '0' or '1' or '3' or '4' or '5' or '7' or '8' or '@' or '$' or '!';

    /// <summary>A letter after at most one more leet sign ("s33n").</summary>
    private static bool NextIsLetter(ReadOnlySpan<char> word, int at)
    {
        int next = at + 1;
        if (next + 1 < word.Length && IsLeet(word[next]))
        {
            next++;
        }

        return next < word.Length && char.IsAsciiLetter(word[next]);
    }
}
