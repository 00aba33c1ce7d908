using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>
/// What waits for one model version: a line a principal, served in turn, so that one caller's thousand requests cost another
/// caller one turn. Bounded; where it is full, a caller with less waiting takes the last place of the one with most.
/// Not safe for several threads: the scheduler's lock guards it.
/// </summary>
internal sealed class FairQueue(int capacity)
{
    private readonly Dictionary<PrincipalId, Line> _lines = [];
    private readonly LinkedList<Line> _turns = [];

    /// <summary>Requests that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a place at the end of the principal's line; false if there is none.</summary>
    /// <param name="work">Who waits.</param>
    /// <param name="displaced">Who lost a place to it, and is to be refused; else null.</param>
    public bool TryAdd(RunWork work, out RunWork? displaced)
    {
        displaced = null;
        if (Count >= capacity && !TryDisplace(work.Principal, out displaced))
        {
            return false;
        }

        if (!_lines.TryGetValue(work.Principal, out var line))
        {
            _lines[work.Principal] = line = new Line(work.Principal);
            line.Turn = _turns.AddLast(line);
        }

        work.Place = line.Waiting.AddLast(work);
        Count++;
        return true;
    }

    /// <summary>How many requests would run before a new one of this principal: of each line no more than its own turns come first.</summary>
    public int Before(PrincipalId principal)
    {
        var own = _lines.TryGetValue(principal, out var mine) ? mine.Waiting.Count : 0;
        var before = own;
        foreach (var line in _turns)
        {
            before += ReferenceEquals(line, mine) ? 0 : Math.Min(line.Waiting.Count, own + 1);
        }

        return before;
    }

    /// <summary>Leaves the queue; false if it is not in it (any more).</summary>
    public bool Remove(RunWork work)
    {
        if (work.Place is not { } place || !_lines.TryGetValue(work.Principal, out var line))
        {
            return false;
        }

        Take(line, place);
        return true;
    }

    /// <summary>The next request in turn: its principal goes to the end of the turns. Null if nobody waits.</summary>
    public RunWork? TakeNext()
    {
        if (_turns.First is not { } turn)
        {
            return null;
        }

        _turns.RemoveFirst();
        _turns.AddLast(turn);
        return Take(turn.Value, turn.Value.Waiting.First!);
    }

    /// <summary>Takes every request, in turns, that <paramref name="joins"/> accepts among the first <paramref name="depth"/> of each line.</summary>
    public void TakeWhere<TState>(TState state, Func<TState, RunWork, bool> joins, int depth)
    {
        for (var index = 0; index < depth; index++)
        {
            var line = _turns.First;
            var any = false;
            for (var left = _turns.Count; left > 0 && line is not null; left--)
            {
                var next = line.Next;
                var place = At(line.Value, ref line.Value.Looked);
                if (place is not null)
                {
                    any = true;
                    if (joins(state, place.Value))
                    {
                        Take(line.Value, place);
                    }
                    else
                    {
                        line.Value.Looked++;
                    }
                }

                line = next;
            }

            if (!any)
            {
                break;
            }
        }

        foreach (var line in _turns)
        {
            line.Looked = 0;
        }
    }

    private static LinkedListNode<RunWork>? At(Line line, ref int index)
    {
        var place = line.Waiting.First;
        for (var step = 0; step < index && place is not null; step++)
        {
            place = place.Next;
        }

        return place;
    }

    // The longest line gives way only to a caller who would then still have less waiting than it.
    private bool TryDisplace(PrincipalId principal, out RunWork? displaced)
    {
        displaced = null;
        Line? longest = null;
        foreach (var line in _turns)
        {
            longest = line.Waiting.Count > (longest?.Waiting.Count ?? 0) ? line : longest;
        }

        var own = _lines.TryGetValue(principal, out var mine) ? mine.Waiting.Count : 0;
        if (longest is null || longest.Waiting.Count <= own + 1)
        {
            return false;
        }

        displaced = Take(longest, longest.Waiting.Last!);
        return true;
    }

    private RunWork Take(Line line, LinkedListNode<RunWork> place)
    {
        line.Waiting.Remove(place);
        place.Value.Place = null;
        Count--;
        if (line.Waiting.Count == 0)
        {
            _lines.Remove(line.Principal);
            _turns.Remove(line.Turn!);
        }

        return place.Value;
    }

    private sealed class Line(PrincipalId principal)
    {
        public int Looked;

        public PrincipalId Principal { get; } = principal;

        public LinkedList<RunWork> Waiting { get; } = [];

        public LinkedListNode<Line>? Turn { get; set; }
    }
}
