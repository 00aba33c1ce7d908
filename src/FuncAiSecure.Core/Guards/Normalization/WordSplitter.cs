using System.Collections.Frozen;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>
/// Puts blanks back into a joined run of letters ("ignoreallprevious") by the cheapest way through a list of common words, ranked
/// by frequency. The list is words.txt (made by the training tool).
/// </summary>
internal static class WordSplitter
{
    private const int MaxWord = 16;
    private const float UnknownLetter = 9f;
    private static readonly FrozenDictionary<string, float> Costs = Load();
    private static readonly FrozenDictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Costs.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Splits the run at <paramref name="first"/> where at most <paramref name="room"/> chars may be added; returns how many were.</summary>
    public static int Split(char[] chars, int[] origins, char[] skeletons, int first, int count, int room)
    {
        if (count < 5)
        {
            return 0;
        }

        Span<float> best = stackalloc float[count + 1];
        Span<int> from = stackalloc int[count + 1];
        Span<char> run = stackalloc char[count];
        for (int i = 0; i < count; i++)
        {
            char alike = skeletons[first + i];
            run[i] = alike is >= 'a' and <= 'z' ? alike : chars[first + i];
        }

        for (int end = 1; end <= count; end++)
        {
            (best[end], from[end]) = (best[end - 1] + UnknownLetter, end - 1);
            for (int length = 1; length <= Math.Min(end, MaxWord); length++)
            {
                if (Lookup.TryGetValue(run.Slice(end - length, length), out float cost) && best[end - length] + cost < best[end])
                {
                    (best[end], from[end]) = (best[end - length] + cost, end - length);
                }
            }
        }

        return best[count] > UnknownLetter * count * 0.6f ? 0 : Spread(chars, origins, skeletons, first, count, room, from);
    }

    private static int Spread(char[] chars, int[] origins, char[] skeletons, int first, int count, int room, ReadOnlySpan<int> from)
    {
        Span<bool> starts = stackalloc bool[count];
        int added = 0;
        for (int end = count; end > 0; end = from[end])
        {
            // Letters outside every word stay joined.
            bool loose = end - from[end] == 1 && from[end] > 0 && from[from[end]] == from[end] - 1;
            if (from[end] > 0 && !loose)
            {
                starts[from[end]] = true;
                added++;
            }
        }

        if (added == 0 || added > room)
        {
            return 0;
        }

        for (int i = count - 1, to = first + count + added - 1; i >= 0; i--)
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

    private static FrozenDictionary<string, float> Load()
    {
        using Stream stream = typeof(WordSplitter).Assembly.GetManifestResourceStream("Guards.words.txt")
            ?? throw new InvalidOperationException("The word list is missing from the assembly.");
        using StreamReader reader = new(stream);
        string[] words = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, float> costs = new(words.Length);
        for (int rank = 0; rank < words.Length; rank++)
        {
            // Zipf: the cost of a word is the logarithm of its rank.
            _ = costs.TryAdd(words[rank], MathF.Log((rank + 2) * MathF.Log(words.Length)));
        }

        return costs.ToFrozenDictionary();
    }
}
