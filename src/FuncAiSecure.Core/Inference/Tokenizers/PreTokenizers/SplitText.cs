namespace FuncAiSecure.Core.Inference.Tokenizers.PreTokenizers;

/// <summary>A text cut into pieces that the model encodes one by one.</summary>
internal sealed class SplitText(TokenText text)
{
    private List<(int Start, int Length)> _pieces = text.Length == 0 ? [] : [(0, text.Length)];
    private List<(int Start, int Length)> _next = [];

    /// <summary>The text.</summary>
    public TokenText Text { get; } = text;

    /// <summary>The pieces, in order, without overlap; what lies between them was removed.</summary>
    public IReadOnlyList<(int Start, int Length)> Pieces => _pieces;

    /// <summary>The characters of a piece.</summary>
    public ReadOnlySpan<char> CharsOf((int Start, int Length) piece) => Text.Chars.Slice(piece.Start, piece.Length);

    /// <summary>Cuts every piece: <paramref name="cut"/> reports the ranges to keep, relative to the piece.</summary>
    public void Cut(Action<ReadOnlyMemory<char>, PieceList> cut)
    {
        _next.Clear();
        foreach (var piece in _pieces)
        {
            cut(CharsOf(piece).ToArray(), new PieceList(_next, piece.Start));
        }

        (_pieces, _next) = (_next, _pieces);
    }

    /// <summary>Rewrites every piece; the writer is positioned on the range that each code point stands for.</summary>
    public void Rewrite(Action<int, (int Start, int Length), TokenText> rewrite)
    {
        var target = TokenText.Empty(Text.Length * 2);
        _next.Clear();
        for (var i = 0; i < _pieces.Count; i++)
        {
            var start = target.Length;
            rewrite(i, _pieces[i], target);
            if (target.Length > start)
            {
                _next.Add((start, target.Length - start));
            }
        }

        Text.Take(target);
        (_pieces, _next) = (_next, _pieces);
    }

    /// <summary>Copies a piece as it is.</summary>
    public void CopyTo((int Start, int Length) piece, TokenText target) => Text.CopyTo(piece.Start, piece.Start + piece.Length, target);
}

/// <summary>Receives the ranges of a cut; empty ones are dropped.</summary>
internal readonly struct PieceList(List<(int Start, int Length)> pieces, int offset)
{
    public void Add(int start, int end)
    {
        if (end > start)
        {
            pieces.Add((offset + start, end - start));
        }
    }
}

/// <summary>One step that cuts text into pieces.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts, and rewrites where the step does that too.</summary>
    void Apply(SplitText split);
}

/// <summary>Several steps, in order.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    /// <inheritdoc />
    public void Apply(SplitText split)
    {
        foreach (var step in steps)
        {
            step.Apply(split);
        }
    }
}
