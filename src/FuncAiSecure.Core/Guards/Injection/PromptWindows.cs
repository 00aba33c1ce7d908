namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The windows of a text that are judged: the whole of a short one, else overlapping windows of two sizes. An attack hidden in a
/// long document counts like one that stands alone.
/// </summary>
internal static class PromptWindows
{
    private const int Short = 32;
    private const int ShortStep = 16;
    private const int Long = 128;
    private const int LongStep = 64;

    /// <summary>Calls <paramref name="visit"/> with first and exclusive last word of each window.</summary>
    public static void ForEach<TVisitor>(int tokens, ref TVisitor visit)
        where TVisitor : struct, IWindowVisitor
    {
        if (tokens <= Short)
        {
            visit.Visit(0, tokens);
            return;
        }

        Slide(tokens, Short, ShortStep, ref visit);
        Slide(tokens, Long, LongStep, ref visit);
    }

    private static void Slide<TVisitor>(int tokens, int size, int step, ref TVisitor visit)
        where TVisitor : struct, IWindowVisitor
    {
        int from = 0;
        for (; from + size < tokens; from += step)
        {
            visit.Visit(from, from + size);
        }

        visit.Visit(Math.Max(0, tokens - size), tokens);
    }
}

/// <summary>Takes windows.</summary>
internal interface IWindowVisitor
{
    /// <summary>A window of the words from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    void Visit(int from, int to);
}
