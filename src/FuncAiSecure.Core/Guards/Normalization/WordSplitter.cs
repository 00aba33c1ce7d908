namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Puts blanks back into a joined run of letters ("ignoreallprevious") by the cheapest way through <see cref="CommonWords"/>.
/// </summary>
internal static class WordSplitter
{
    private const float UnknownLetter = 9f;

    /// <summary>Splits the run at <paramref name="first"/> where at most <paramref name="room"/> chars may be added; returns how many were.</summary>
    public static int Split(char[] chars, int[] origins, char[] skeletons, int first, int count, int room)
    {
        Span<char> run = stackalloc char[count];
        for (int i = 0; i < count; i++)
        {
            char alike = skeletons[first + i];
            run[i] = char.IsAsciiLetter(alike) ? char.ToLowerInvariant(alike) : chars[first + i];
        }

        Span<bool> starts = stackalloc bool[count];
        int added = FindStarts(run, starts, 0.6f) - 1;
        return added <= 0 || added > room ? 0 : Spread(chars, origins, skeletons, first, starts, added);
    }

    /// <summary>
    /// Marks where in a run of small letters a new word begins after the first, and returns how many words there are: none where they
    /// would cost more than <paramref name="dearest"/> of what letters cost that no word has.
    /// </summary>
    public static int FindStarts(ReadOnlySpan<char> run, Span<bool> starts, float dearest)
    {
        int count = run.Length;
        if (count < 5)
        {
            return 0;
        }

        Span<float> best = stackalloc float[count + 1];
        Span<int> from = stackalloc int[count + 1];
        CommonWords words = CommonWords.Shared;
        best[1..].Fill(float.PositiveInfinity);
        for (int start = 0; start < count; start++)
        {
            if (best[start] + UnknownLetter < best[start + 1])
            {
                (best[start + 1], from[start + 1]) = (best[start] + UnknownLetter, start);
            }

            int node = CommonWords.Root;
            for (int end = start; end < count && (node = words.Next(node, run[end])) >= 0; end++)
            {
                float cost = best[start] + words.Cost(node);
                if (cost < best[end + 1])
                {
                    (best[end + 1], from[end + 1]) = (cost, start);
                }
            }
        }

        if (best[count] > UnknownLetter * count * dearest)
        {
            return 0;
        }

        int found = 1;
        for (int end = count; end > 0; end = from[end])
        {
            // Letters outside every word stay joined.
            bool loose = end - from[end] == 1 && from[end] > 0 && from[from[end]] == from[end] - 1;
            if (from[end] > 0 && !loose)
            {
                starts[from[end]] = true;
                found++;
            }
        }

        return found;
    }

    private static int Spread(char[] chars, int[] origins, char[] skeletons, int first, ReadOnlySpan<bool> starts, int added)
    {
        for (int i = starts.Length - 1, to = first + starts.Length + added - 1; i >= 0; i--)
        {
            (chars[to], origins[to], skeletons[to]) = (chars[first + i], origins[first + i], skeletons[first + i]);
            to--;
            if (starts[i])
            {
                (chars[to], origins[to], skeletons[to]) = (' ', origins[first + i], '\0');
                to--;
            }
        }

        return added;
    }
}
