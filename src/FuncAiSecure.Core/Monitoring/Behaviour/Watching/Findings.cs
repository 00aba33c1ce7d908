namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>The signals that one request completed: at most one of each kind.</summary>
internal struct Findings
{
    private int _signals;
    private Values _values;
    private Values _limits;

    /// <summary>Whether there is none.</summary>
    public readonly bool IsEmpty => _signals == 0;

    /// <summary>Notes a signal.</summary>
    public void Add(Signal signal, double value, double limit)
    {
        _signals |= 1 << (int)signal;
        _values[(int)signal] = value;
        _limits[(int)signal] = limit;
    }

    /// <summary>The evidence for a signal and its limit; false where it was not raised.</summary>
    public readonly bool TryGet(Signal signal, out double value, out double limit)
    {
        (value, limit) = (_values[(int)signal], _limits[(int)signal]);
        return (_signals & (1 << (int)signal)) != 0;
    }

    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct Values
    {
        private double _first;
    }
}
