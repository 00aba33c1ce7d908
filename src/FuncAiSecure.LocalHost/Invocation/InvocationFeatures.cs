using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.LocalHost.Invocation;

/// <summary>Typed state of an invocation: a few entries, found by scanning.</summary>
internal sealed class InvocationFeatures : IInvocationFeatures
{
    private readonly List<KeyValuePair<Type, object>> _entries = new(1);

    /// <inheritdoc />
    public void Set<T>(T instance)
    {
        var index = IndexOf(typeof(T));
        if (instance is null)
        {
            if (index >= 0)
            {
                _entries.RemoveAt(index);
            }
        }
        else if (index >= 0)
        {
            _entries[index] = new(typeof(T), instance);
        }
        else
        {
            _entries.Add(new(typeof(T), instance));
        }
    }

    /// <inheritdoc />
    public T? Get<T>()
    {
        var index = IndexOf(typeof(T));
        return index < 0 ? default : (T)_entries[index].Value;
    }

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(Type type)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == type)
            {
                return i;
            }
        }

        return -1;
    }
}
