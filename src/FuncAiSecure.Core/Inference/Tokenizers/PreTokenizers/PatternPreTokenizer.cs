using System.Text.RegularExpressions;

namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>Cuts at a text or at an expression of the tokenizer's file; only expressions that need no backtracking are taken.</summary>
internal sealed class PatternPreTokenizer(Regex expression, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    /// <summary>An expression that runs in linear time, whatever the text.</summary>
    /// <exception cref="NotSupportedException">It needs backtracking (look-around, back-references).</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <inheritdoc />
    public void Apply(SplitText split) => split.Cut((chars, pieces) =>
    {
        var ranges = new List<(int, int, bool)>();
        var open = 0;
        foreach (var match in expression.EnumerateMatches(chars.Span))
        {
            if (match.Length == 0)
            {
                continue;
            }

            if (match.Index > open)
            {
                ranges.Add((open, match.Index, invert));
            }

            ranges.Add((match.Index, match.Index + match.Length, !invert));
            open = match.Index + match.Length;
        }

        if (open < chars.Length)
        {
            ranges.Add((open, chars.Length, invert));
        }

        Delimiters.Cut(ranges, behavior, pieces);
    });
}
