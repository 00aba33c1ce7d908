using FuncAiSecure.Core.Inference.Tokenizers.Patterns;

namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>Cuts at a text or at an expression of the tokenizer's file.</summary>
internal sealed class PatternPreTokenizer(RunePattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    /// <inheritdoc />
    public void Apply(SplitText split) => split.Cut((chars, pieces) =>
    {
        var ranges = new List<(int, int, bool)>();
        var open = 0;
        foreach (var (start, end) in pattern.Matches(chars.Span))
        {
            if (start > open)
            {
                ranges.Add((open, start, invert));
            }

            ranges.Add((start, end, !invert));
            open = end;
        }

        if (open < chars.Length)
        {
            ranges.Add((open, chars.Length, invert));
        }

        Delimiters.Cut(ranges, behavior, pieces);
    });
}
