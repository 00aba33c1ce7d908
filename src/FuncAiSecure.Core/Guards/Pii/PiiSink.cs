namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>How sure a scanner is.</summary>
internal enum Certainty : byte
{
    /// <summary>The shape fits and the words around it or nothing speak for it.</summary>
    Shape,

    /// <summary>The words around it say what it is.</summary>
    Context,

    /// <summary>A checksum or an unmistakable form.</summary>
    Proof,
}

/// <summary>Takes finds from the scanners, in about the order of the text, and keeps those that win: the surer, then the longer.</summary>
internal sealed class PiiSink
{
    private readonly List<(PiiSpan Span, Certainty Certainty)> _found = [];

    /// <summary>Finds taken so far.</summary>
    public int Count => _found.Count;

    /// <summary>The find at an index, ordered by start.</summary>
    public PiiSpan this[int index] => _found[index].Span;

    /// <summary>Forgets all.</summary>
    public void Clear() => _found.Clear();

    /// <summary>Takes a find; where it meets earlier ones, the better side stays.</summary>
    public void Add(int start, int length, PiiKind kind, Certainty certainty)
    {
        PiiSpan span = new(start, length, kind);
        int from = _found.Count;
        while (from > 0 && _found[from - 1].Span.End > start)
        {
            (PiiSpan other, Certainty sure) = _found[from - 1];
            if (other.Start < span.End && (sure > certainty || (sure == certainty && other.Length >= length)))
            {
                return;
            }

            from--;
        }

        int at = _found.Count;
        while (at > from)
        {
            if (_found[at - 1].Span.Start < span.End)
            {
                _found.RemoveAt(at - 1);
            }

            at--;
        }

        _found.Insert(from, (span, certainty));
    }

    /// <summary>Where a find that covers <paramref name="at"/> ends, or <paramref name="at"/>.</summary>
    public int SkipProven(int at) =>
        _found.Count > 0 && _found[^1] is { Certainty: Certainty.Proof } last && last.Span.End > at && last.Span.Start <= at ? last.Span.End : at;
}
