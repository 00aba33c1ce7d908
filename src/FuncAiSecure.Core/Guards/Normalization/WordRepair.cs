namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Second step of a view, in place: letters written one by one are joined, look-alike letters folded in words that mix scripts,
/// digits that stand for letters read as letters, and blank runs shortened to one. Never lengthens.
/// </summary>
internal static class WordRepair
{
    private const int ShortestRun = 2;

    /// <summary>Repairs the chars from <paramref name="start"/> on and sets <see cref="TextViews.Length"/> to their new end.</summary>
    public static void Repair(TextViews views, char[] skeletons, int start)
    {
        if (JoinLetters(views, skeletons, start, afterJoined: false))
        {
            _ = JoinLetters(views, skeletons, start, afterJoined: true);
        }

        FoldWords(views, skeletons, start);
    }

    private static bool IsBlank(char c) => c is ' ' or '\n' or '\u2028' or '\u2029' or '\u0085';

    internal static bool IsSingle(char c) => char.IsLetterOrDigit(c) || c is '@' or '$' or '!';

    /// <summary>Joins what is written letter by letter; returns whether short words were passed over before the first long one.</summary>
    private static bool JoinLetters(TextViews views, char[] skeletons, int start, bool afterJoined)
    {
        char[] chars = views.Buffer;
        int[] origins = views.OriginBuffer;
        int end = views.Length, to = start;
        bool passedOver = false, returnFor = false;
        SpacedRun spaced = default;
        for (int at = start; at < end;)
        {
            bool boundary = to == start || !IsSingle(chars[to - 1]);
            int run = boundary && IsSingle(chars[at]) ? spaced.LengthAt(chars.AsSpan(0, end), at, out int least) : (least = 0);
            passedOver |= run >= ShortestRun && run < least && !afterJoined;
            if (run >= (afterJoined ? ShortestRun : Math.Max(least, ShortestRun)))
            {
                returnFor |= passedOver;
                int first = to;
                for (int i = 0; i < run; i++, to++)
                {
                    (chars[to], origins[to], skeletons[to]) = (chars[at + (2 * i)], origins[at + (2 * i)], skeletons[at + (2 * i)]);
                }

                views.SpacedWordCount++;
                at += (2 * run) - 1;
                to += WordSplitter.Split(chars, origins, skeletons, first, to - first, room: at - to);
                afterJoined = true;
                continue;
            }

            bool blank = IsBlank(chars[at]);
            if (blank && to > start && IsBlank(chars[to - 1]))
            {
                // One blank stands for a run; a line break in it wins.
                chars[to - 1] = chars[at] == '\n' || chars[to - 1] == '\n' ? '\n' : ' ';
                at++;
                continue;
            }

            if (to != at || blank)
            {
                (chars[to], origins[to], skeletons[to]) = (blank && chars[at] != '\n' ? ' ' : chars[at], origins[at], skeletons[at]);
            }

            to++;
            at++;
        }

        views.Length = to;
        return returnFor;
    }

    private static void FoldWords(TextViews views, char[] skeletons, int start)
    {
        Span<char> chars = views.Buffer.AsSpan(start, views.Length - start);
        Span<char> alike = skeletons.AsSpan(start, chars.Length);
        bool foreign = false, folds = false;
        int leetWords = 0, words = 0;
        for (int at = 0; at < chars.Length;)
        {
            int length = WordLength(chars[at..], out int read);
            if (length > 0)
            {
                WordShape shape = WordShape.Of(chars.Slice(at, length), alike.Slice(at, length));
                foreign |= shape is { Ascii: 0, Other: > 0 } && shape.Alike < shape.Other;
                folds |= shape.Alike > 0 || shape.Drawn > 0 || shape.Leet > 0;
                leetWords += shape.InnerLeet ? 1 : 0;
                words++;
            }

            at += Math.Max(read, 1);
        }

        for (int at = 0; folds && at < chars.Length;)
        {
            int length = WordLength(chars[at..], out int read);
            if (length > 0)
            {
                LeetUse leet = leetWords < 2 ? LeetUse.None : leetWords * 4 < words ? LeetUse.Some : LeetUse.Most;
                FoldWord(chars.Slice(at, length), alike.Slice(at, length), foreign, leet);
            }

            at += Math.Max(read, 1);
        }
    }

    /// <summary>The length of the word at the start, and how much was read: exclamation marks behind a word, or alone, are none.</summary>
    private static int WordLength(ReadOnlySpan<char> chars, out int read)
    {
        read = 0;
        while (read < chars.Length && (IsSingle(chars[read]) || char.IsSurrogate(chars[read])))
        {
            read++;
        }

        return chars[..read].TrimEnd('!').Length;
    }

    private static void FoldWord(Span<char> word, ReadOnlySpan<char> alike, bool foreign, LeetUse leet)
    {
        WordShape shape = WordShape.Of(word, alike);
        if (shape.Ascii > 0 ? shape.Alike + shape.Drawn > 0 : shape.Alike > 0 && !foreign && shape.Alike == shape.Other)
        {
            for (int i = 0; i < word.Length; i++)
            {
                word[i] = char.IsAsciiLetter(alike[i]) ? char.ToLowerInvariant(alike[i]) : word[i];
            }
        }

        shape = WordShape.Of(word, default);
        if (shape.Leet > 0 && (shape.InnerLeet || leet is not LeetUse.None))
        {
            UnLeet(word, shape, leet);
        }
    }

    /// <summary>
    /// Reads digits and signs as letters. Where most of a text is written so, also in words with more digits than letters, and in
    /// numbers that spell a common word ("15" for "is").
    /// </summary>
    private static void UnLeet(Span<char> word, WordShape shape, LeetUse leet)
    {
        bool sure = shape.InnerLeet || (shape.Ascii > 0 && (leet is LeetUse.Most || shape.Ascii >= shape.Leet));
        if (word.Length > CommonWords.Longest)
        {
            for (int i = 0; sure && i < word.Length; i++)
            {
                word[i] = Leet(word, i);
            }

            return;
        }

        Span<char> letters = stackalloc char[word.Length];
        bool known = Spell(word, letters, otherOnes: false) || (word.Contains('1') && Spell(word, letters, otherOnes: true));
        if (sure || (known && leet is LeetUse.Most))
        {
            _ = known || Spell(word, letters, otherOnes: false);
            letters.CopyTo(word);
        }
    }

    /// <summary>Writes the word in letters and says whether it is a common one. A one is an i or an l: the list of words decides.</summary>
    private static bool Spell(ReadOnlySpan<char> word, Span<char> letters, bool otherOnes)
    {
        for (int i = 0; i < word.Length; i++)
        {
            char c = Leet(word, i);
            letters[i] = word[i] == '1' && otherOnes ? c == 'l' ? 'i' : 'l' : c;
        }

        return CommonWords.Shared.Contains(letters);
    }

    private static char Leet(ReadOnlySpan<char> word, int at) => word[at] switch
    {
        '0' => 'o',
        '1' => (at > 0 && word[at - 1] is '1' or 'l') || (at + 1 < word.Length && word[at + 1] is '1' or 'l') ? 'l' : 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        '8' => 'b',
        '!' => 'i',
        char c => c,
    };

    /// <summary>How much of a text is written with digits for letters.</summary>
    private enum LeetUse
    {
        None,
        Some,
        Most,
    }
}
