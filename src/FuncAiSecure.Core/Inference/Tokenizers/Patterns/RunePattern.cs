namespace FuncAiSecure.Core.Inference.Tokenizers.Patterns;

/// <summary>
/// A pattern of a tokenizer's file over code points. All ways to match are followed side by side, the preferred first, so that
/// no text makes it go back and try again; the expressions of .NET see UTF-16 units, and those without backtracking miss
/// matches behind line breaks. Safe for concurrent use.
/// </summary>
internal sealed class RunePattern
{
    private readonly PatternStep[] _steps;

    private RunePattern(PatternStep[] steps) => _steps = steps;

    /// <summary>Reads an expression in the reference implementation's dialect.</summary>
    /// <exception cref="FormatException">It is not valid, matches the empty text or has a part that is not supported.</exception>
    public static RunePattern OfExpression(string expression) => Of(new PatternParser(expression).Parse());

    /// <summary>Takes a text as it stands.</summary>
    /// <exception cref="FormatException">It is empty or too long.</exception>
    public static RunePattern OfText(string text) => Of(new PatternNode.Sequence(
        [.. text.EnumerateRunes().Select(rune => new PatternNode.Single(StepKind.One, RuneSet.Range(rune.Value, rune.Value)))]));

    /// <summary>The ranges of UTF-16 units that match, in order; none is empty.</summary>
    public List<(int Start, int End)> Matches(ReadOnlySpan<char> text)
    {
        var (codes, starts) = Decode(text);
        var found = new List<(int, int)>();
        var run = new Run(_steps);
        for (var at = 0; run.Next(codes, at) is { } match; at = match.End)
        {
            found.Add((starts[match.Start], starts[match.End]));
        }

        return found;
    }

    private static RunePattern Of(PatternNode node) => node.CanBeEmpty
        ? throw new FormatException("The pattern matches the empty text.")
        : new RunePattern(PatternCompiler.Compile(node));

    private static (int[] Codes, int[] Starts) Decode(ReadOnlySpan<char> text)
    {
        var codes = new List<int>(text.Length);
        var starts = new List<int>(text.Length + 1) { 0 };
        foreach (var rune in text.EnumerateRunes())
        {
            codes.Add(rune.Value);
            starts.Add(starts[^1] + rune.Utf16SequenceLength);
        }

        return ([.. codes], [.. starts]);
    }

    /// <summary>One way to match: the step that it has come to and where it began.</summary>
    private readonly record struct Thread(int Step, int Start);

    private sealed class Run(PatternStep[] steps)
    {
        private readonly int[] _seen = new int[steps.Length];
        private List<Thread> _current = [];
        private List<Thread> _next = [];
        private int _round;

        /// <summary>The leftmost match from <paramref name="from"/> on; of those that start alike, the preferred one.</summary>
        public (int Start, int End)? Next(int[] codes, int from) =>
            // Most matches begin where the last one ended, and one place has far fewer ways to follow than all that come after it.
            Find(codes, from, anywhere: false) ?? Find(codes, from, anywhere: true);

        private (int Start, int End)? Find(int[] codes, int from, bool anywhere)
        {
            (int, int)? found = null;
            _current.Clear();
            _round++;
            for (var at = from; at <= codes.Length; at++)
            {
                if (at == from || (anywhere && found is null))
                {
                    Follow(_current, 0, codes, at, at);
                }

                _round++;
                _next.Clear();
                foreach (var thread in _current)
                {
                    var step = steps[thread.Step];
                    if (step.Kind is StepKind.Match)
                    {
                        // What comes behind is less preferred.
                        found = (thread.Start, at);
                        break;
                    }

                    if (at < codes.Length && step.Set!.Contains(codes[at]))
                    {
                        Follow(_next, thread.Step + 1, codes, at + 1, thread.Start);
                    }
                }

                (_current, _next) = (_next, _current);
                if (_current.Count == 0 && (found is not null || !anywhere))
                {
                    break;
                }
            }

            return found;
        }

        private void Follow(List<Thread> threads, int index, int[] codes, int at, int start)
        {
            if (_seen[index] == _round)
            {
                return;
            }

            _seen[index] = _round;
            var step = steps[index];
            switch (step.Kind)
            {
                case StepKind.Split:
                    Follow(threads, step.First, codes, at, start);
                    Follow(threads, step.Second, codes, at, start);
                    break;
                case StepKind.LineStart when at == 0 || (codes[at - 1] == '\n' && at < codes.Length):
                case StepKind.LineEnd when at == codes.Length || codes[at] == '\n':
                case StepKind.Ahead when at < codes.Length && step.Set!.Contains(codes[at]):
                case StepKind.NotAhead when at == codes.Length || !step.Set!.Contains(codes[at]):
                    Follow(threads, index + 1, codes, at, start);
                    break;
                case StepKind.One or StepKind.Match:
                    threads.Add(new Thread(index, start));
                    break;
                default:
                    break;
            }
        }
    }
}
