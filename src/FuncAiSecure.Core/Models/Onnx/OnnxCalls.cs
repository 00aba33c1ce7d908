using System.Runtime.InteropServices;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Which functions of a model call which. The runtime puts a function's nodes in the place of every call: thirty functions that each
/// call the next one twice are a few lines in the file and a billion nodes in memory. It follows calls within calls, and
/// graphs within graphs, by recursion: a thousand of them end the process.
/// </summary>
internal sealed class OnnxCalls
{
    private const int MaxDepth = 100;

    // The runtime takes some twenty seconds for so many, and four times as long for twice as many.
    private const int MaxInlined = 100_000;

    private readonly Dictionary<Operator, Dictionary<Operator, Calls>> _bodies = [];
    private readonly Dictionary<Operator, (long Nodes, int Depth)> _known = [];
    private readonly Dictionary<Operator, Calls> _graph = [];
    private Dictionary<Operator, Calls> _current;

    public OnnxCalls() => _current = _graph;

    /// <summary>What is added from here on is in a function. Of two with one name both count.</summary>
    public void Enter(string domain, string name, string overload)
    {
        ref var body = ref CollectionsMarshal.GetValueRefOrAddDefault(_bodies, Operator.Of(domain, name, overload), out _);
        _current = body ??= [];
    }

    /// <summary>What is added from here on is in the graph.</summary>
    public void Leave() => _current = _graph;

    /// <summary>A node, of a function or of the graph, so many graphs deep in it.</summary>
    public void Add(string domain, string type, string overload, int depth)
    {
        ref var calls = ref CollectionsMarshal.GetValueRefOrAddDefault(_current, Operator.Of(domain, type, overload), out _);
        calls = new Calls(calls.Times + 1, Math.Max(calls.Depth, depth));
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where too many nodes take the place of calls, or calls lie too deep in calls.</summary>
    public void Require()
    {
        var inlined = 0L;
        foreach (var (called, calls) in _graph)
        {
            inlined = Math.Min(inlined + (calls.Times * Judge(called, calls.Depth).Nodes), MaxInlined + 1);
        }

        if (inlined > MaxInlined)
        {
            throw new InvalidDataException($"has functions that become more than {MaxInlined} nodes");
        }
    }

    // What a call becomes; nothing where the runtime has the operator itself. Past the limit no more is counted.
    private (long Nodes, int Depth) Judge(Operator called, int depth)
    {
        if (!_bodies.TryGetValue(called, out var body))
        {
            return (0, 0);
        }

        if (_known.TryGetValue(called, out var known))
        {
            return known;
        }

        // One that calls itself ends here too.
        if (depth > MaxDepth)
        {
            throw TooDeep();
        }

        var (nodes, deepest) = (0L, 0);
        foreach (var (inner, calls) in body)
        {
            var one = Judge(inner, depth + calls.Depth);
            nodes = Math.Min(nodes + (calls.Times * (1 + one.Nodes)), MaxInlined + 1);
            deepest = Math.Max(deepest, calls.Depth + one.Depth);
        }

        return deepest <= MaxDepth ? _known[called] = (nodes, deepest) : throw TooDeep();
    }

    private static InvalidDataException TooDeep() => new($"has functions that call each other deeper than {MaxDepth}");

    private readonly record struct Calls(long Times, int Depth);

    private readonly record struct Operator(string Domain, string Name, string Overload)
    {
        public static Operator Of(string domain, string name, string overload) => new(domain == "ai.onnx" ? "" : domain, name, overload);
    }
}
