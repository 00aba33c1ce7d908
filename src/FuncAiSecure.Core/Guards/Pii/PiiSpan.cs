namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>One find: where, and of which kind. Never the text.</summary>
/// <param name="Start">First UTF-16 unit in the text.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Kind">What it is.</param>
public readonly record struct PiiSpan(int Start, int Length, PiiKind Kind)
{
    /// <summary>Exclusive end in UTF-16 units.</summary>
    public int End => Start + Length;
}
