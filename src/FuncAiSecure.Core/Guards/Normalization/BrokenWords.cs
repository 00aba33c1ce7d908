using System.Text;

namespace FuncAiSecure.Core.Guards.Normalization;

/// <summary>Joins words that blanks were put into ("ign ore all prev ious"): the letters between two marks are parted anew.</summary>
internal static class BrokenWords
{
    private const int LongestRun = 512;

    /// <summary>The share of letters' cost up to which letters are words; other languages cost more.</summary>
    private const float Dearest = 0.45f;

    /// <summary>The text with its words joined, or null where no stretch of it becomes words, an eighth fewer than it had parts.</summary>
    public static string? Join(ReadOnlySpan<char> folded)
    {
        StringBuilder joined = new(folded.Length);
        Span<char> run = stackalloc char[LongestRun];
        Span<bool> starts = stackalloc bool[LongestRun];
        bool any = false;
        for (int at = 0; at < folded.Length;)
        {
            int end = at, count = 0, parts = 0;
            while (end < folded.Length && count < LongestRun && (folded[end] is ' ' or '\n' || char.IsAsciiLetterLower(folded[end])))
            {
                if (folded[end] is not (' ' or '\n'))
                {
                    parts += end == at || folded[end - 1] is ' ' or '\n' ? 1 : 0;
                    run[count++] = folded[end];
                }

                end++;
            }

            starts[..count].Clear();
            if (WordSplitter.FindStarts(run[..count], starts, Dearest) is > 0 and int words && words * 8 <= parts * 7)
            {
                any = true;
                _ = folded[at] is ' ' or '\n' ? joined.Append(' ') : joined;
                for (int i = 0; i < count; i++)
                {
                    _ = starts[i] ? joined.Append(' ') : joined;
                    _ = joined.Append(run[i]);
                }

                _ = folded[end - 1] is ' ' or '\n' ? joined.Append(' ') : joined;
            }
            else
            {
                _ = joined.Append(folded[at..end]);
            }

            if (end < folded.Length && count < LongestRun)
            {
                _ = joined.Append(folded[end++]);
            }

            at = end;
        }

        return any ? joined.ToString() : null;
    }
}
