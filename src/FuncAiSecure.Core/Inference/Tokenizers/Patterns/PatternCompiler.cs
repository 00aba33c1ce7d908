namespace FuncAiSecure.Core.Inference.Tokenizers.Patterns;

/// <summary>What a step of a pattern does.</summary>
internal enum StepKind
{
    One,
    Split,
    LineStart,
    LineEnd,
    Ahead,
    NotAhead,
    Match,
}

/// <summary>A step: one code point of a set, a fork whose first way is preferred, or a condition.</summary>
internal sealed class PatternStep(StepKind kind, RuneSet? set = null)
{
    public StepKind Kind => kind;

    public RuneSet? Set => set;

    public int First { get; set; }

    public int Second { get; set; }
}

/// <summary>A part of an expression.</summary>
internal abstract record PatternNode
{
    /// <summary>Whether the empty text can match.</summary>
    public abstract bool CanBeEmpty { get; }

    /// <summary>One code point, or a condition.</summary>
    public sealed record Single(StepKind Kind, RuneSet? Set = null) : PatternNode
    {
        public override bool CanBeEmpty => Kind is not StepKind.One;
    }

    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode
    {
        public override bool CanBeEmpty => Parts.All(part => part.CanBeEmpty);
    }

    public sealed record Choice(IReadOnlyList<PatternNode> Ways) : PatternNode
    {
        public override bool CanBeEmpty => Ways.Any(way => way.CanBeEmpty);
    }

    /// <param name="Part">What is repeated.</param>
    /// <param name="Least">How often at least.</param>
    /// <param name="Most">How often at most; null for any number.</param>
    /// <param name="IsLazy">Whether fewer are preferred.</param>
    public sealed record Repeat(PatternNode Part, int Least, int? Most, bool IsLazy) : PatternNode
    {
        public override bool CanBeEmpty => Least == 0 || Part.CanBeEmpty;
    }
}

/// <summary>Writes the parts of an expression as steps.</summary>
internal sealed class PatternCompiler
{
    private const int MaxSteps = 2000;

    private readonly List<PatternStep> _steps = [];

    /// <exception cref="FormatException">It has too many steps.</exception>
    public static PatternStep[] Compile(PatternNode node)
    {
        var compiler = new PatternCompiler();
        compiler.Write(node);
        compiler.Add(new PatternStep(StepKind.Match));
        return [.. compiler._steps];
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Single single:
                Add(new PatternStep(single.Kind, single.Set));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Write(part);
                }

                break;
            case PatternNode.Choice choice:
                WriteChoice(choice.Ways, 0);
                break;
            case PatternNode.Repeat repeat:
                WriteRepeat(repeat);
                break;
            default:
                throw new InvalidOperationException("An unknown part of an expression.");
        }
    }

    private void WriteChoice(IReadOnlyList<PatternNode> ways, int index)
    {
        if (index == ways.Count - 1)
        {
            Write(ways[index]);
            return;
        }

        var fork = Fork();
        Write(ways[index]);
        var leave = Fork();
        fork.Second = _steps.Count;
        WriteChoice(ways, index + 1);
        leave.First = leave.Second = _steps.Count;
    }

    private void WriteRepeat(PatternNode.Repeat repeat)
    {
        for (var i = 0; i < repeat.Least; i++)
        {
            Write(repeat.Part);
        }

        if (repeat.Most is null)
        {
            var at = _steps.Count;
            var loop = Fork();
            Write(repeat.Part);
            var back = Fork();
            back.First = back.Second = at;
            Leave(loop, repeat.IsLazy);
            return;
        }

        var forks = new List<PatternStep>();
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            forks.Add(Fork());
            Write(repeat.Part);
        }

        forks.ForEach(fork => Leave(fork, repeat.IsLazy));
    }

    // The way on is the second choice, or the first of a lazy repetition.
    private void Leave(PatternStep fork, bool isLazy) =>
        (fork.First, fork.Second) = isLazy ? (_steps.Count, fork.First) : (fork.First, _steps.Count);

    private PatternStep Fork()
    {
        var fork = new PatternStep(StepKind.Split) { First = _steps.Count + 1 };
        Add(fork);
        return fork;
    }

    private void Add(PatternStep step)
    {
        if (_steps.Count == MaxSteps)
        {
            throw new FormatException("The expression is too long.");
        }

        _steps.Add(step);
    }
}
