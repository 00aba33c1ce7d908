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

/// <summary>
/// Takes finds from the scanners, in about the order of the text, and keeps those that win: of the stricter action, then the surer, then the
/// longer. So no kind that a policy lets pass hides one that it does not.
/// </summary>
internal sealed class PiiSink
{
    private readonly List<(PiiSpan Span, Certainty Certainty)> _found = [];

    private PiiActions? _actions;
    private int _last;

    /// <summary>Finds taken so far.</summary>
    public int Count => _found.Count;

    /// <summary>Where the last URL ends. What begins before it is part of it, and looked at for credentials only.</summary>
    public int UrlEnd { get; set; }

    /// <summary>Where the last host without a path ends. No label of it begins an address.</summary>
    public int HostEnd { get; set; }

    /// <summary>Where the last key of a known prefix ends. No other begins within it.</summary>
    public int KeyEnd { get; set; }

    /// <summary>The find at an index, ordered by start.</summary>
    public PiiSpan this[int index] => _found[index].Span;

    /// <summary>Forgets all. With <paramref name="actions"/> finds count by what is done with them; without, all alike.</summary>
    public void Clear(PiiActions? actions = null)
    {
        _found.Clear();
        UrlEnd = 0;
        HostEnd = 0;
        KeyEnd = 0;
        _actions = actions;
    }

    /// <summary>Where to go on after a scanner's find that ends at <paramref name="end"/>: there, or at 0, the find's own inside, if a stricter find may be in it.</summary>
    public int After(int end) => _actions is null || _last == _actions.Strictest ? end : 0;

    /// <summary>Takes a find that the policy does not ignore; where it meets earlier ones, the better side stays.</summary>
    public void Add(int start, int length, PiiKind kind, Certainty certainty)
    {
        _last = Strictness(kind);
        if (_last == 0)
        {
            return;
        }

        PiiSpan span = new(start, length, kind);
        int from = _found.Count;
        while (from > 0 && _found[from - 1].Span.End > start)
        {
            (PiiSpan other, Certainty sure) = _found[from - 1];
            if (other.Start < span.End && (Strictness(other.Kind), sure, other.Length).CompareTo((_last, certainty, length)) >= 0)
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

    private int Strictness(PiiKind kind) => _actions?.StrictnessOf(kind) ?? 1;
}
