namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// Which waiting requests share a run. Batching pays while a batch holds few tokens and wastes none, so: same shapes apart from
/// rows, or lengths so alike that padding stays within <see cref="MaxWaste"/>; at most <see cref="MaxTokens"/>; the row limit of the model.
/// </summary>
/// <param name="first">Who is served in any case.</param>
/// <param name="maxRows">The row limit of the model.</param>
/// <param name="maxMembers">How many may share the run, so that other cores get their part.</param>
internal sealed class BatchPlan(RunWork first, int maxRows, int maxMembers = int.MaxValue)
{
    /// <summary>Tokens (rows times length) up to which a shared run is cheaper than single ones, on the machines measured.</summary>
    public const int MaxTokens = 256;

    /// <summary>Padded tokens over real ones.</summary>
    public const double MaxWaste = 1.15;

    private readonly List<RunWork> _members = [first];
    private int _rows = first.Rows;
    private int _length = first.Length;
    private long _realTokens = (long)first.Rows * first.Length;

    /// <summary>Who shares the run.</summary>
    public List<RunWork> Members => _members;

    /// <summary>The longest member's length.</summary>
    public int Length => _length;

    /// <summary>All members' rows.</summary>
    public int Rows => _rows;

    /// <summary>Whether anybody else can still join.</summary>
    public bool IsFull => _rows >= maxRows || _members.Count >= maxMembers || (first.HasTokens && (long)(_rows + 1) * _length > MaxTokens);

    /// <summary>Whether runs of such requests gain by company: several of them stay well under what a run may hold.</summary>
    public bool MayGrow => !first.HasTokens || 4 * _length <= MaxTokens;

    /// <summary>Takes one in if it fits.</summary>
    public bool TryJoin(RunWork work)
    {
        if (_members.Count >= maxMembers || _rows + work.Rows > maxRows || !SameShape(first, work))
        {
            return false;
        }

        var length = Math.Max(_length, work.Length);
        var padded = (long)(_rows + work.Rows) * length;
        var real = _realTokens + ((long)work.Rows * work.Length);

        // A model over vectors has features, not tokens, in dimension 1: only texts are bounded by their tokens.
        if (padded > real * MaxWaste || (first.HasTokens && padded > MaxTokens))
        {
            return false;
        }

        (_rows, _length, _realTokens) = (_rows + work.Rows, length, real);
        _members.Add(work);
        return true;
    }

    private static bool SameShape(RunWork one, RunWork other)
    {
        // Tensors beside texts would be as long as the longest text, which only texts can be.
        if (one.Padding is null != other.Padding is null)
        {
            return false;
        }

        for (var index = 0; index < one.Inputs.Count; index++)
        {
            var left = one.Inputs[index].Shape;
            var right = other.Inputs[index].Shape;
            if (left.Length != right.Length)
            {
                return false;
            }

            for (var axis = 1; axis < left.Length; axis++)
            {
                if (left[axis] != right[axis] && (axis > 1 || one.Padding is null))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
