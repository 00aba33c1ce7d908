namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// The windows of a text that are judged: the whole of a short one, else overlapping windows of two sizes. An attack hidden in a
/// long document counts like one that stands alone.
/// </summary>
internal static class PromptWindows
{
    private const int Tiny = 12;
    private const int TinyStep = 6;
    private const int Short = 32;
    private const int ShortStep = 16;
    private const int Long = 128;
    private const int LongStep = 64;

    /// <summary>Calls <paramref name="visit"/> with first and exclusive last word of each window.</summary>
    public static void ForEach<TVisitor>(int tokens, ref TVisitor visit)
        where TVisitor : struct, IWindowVisitor
    {
        if (tokens <= Tiny)
        {
            visit.Visit(0, tokens);
            return;
        }

        Slide(tokens, Tiny, TinyStep, ref visit);
        Slide(tokens, Short, ShortStep, ref visit);
        if (tokens > Short)
        {
            Slide(tokens, Long, LongStep, ref visit);
        }
    }

    /// <summary>How many windows a text of so many words has.</summary>
    public static int Count(int tokens)
    {
        Counter counter = default;
        ForEach(tokens, ref counter);
        return counter.Value;
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

    private struct Counter : IWindowVisitor
    {
        public int Value { get; private set; }

        public void Visit(int from, int to) => Value++;
    }
}

/// <summary>Takes windows.</summary>
internal interface IWindowVisitor
{
    /// <summary>A window of the words from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    void Visit(int from, int to);
}
