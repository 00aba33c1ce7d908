using System.Text;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// How deep the trees of one node are: decision trees, and the tree in which n-grams lie word below word. The runtime goes through them by
/// recursion when the model is loaded or let go, and a few thousand branches, one below the other, end the process.
/// </summary>
internal sealed class OnnxTrees
{
    private const int MaxDepth = 1000;

    private readonly Dictionary<string, List<long>> _numbers = new(StringComparer.Ordinal);
    private readonly List<bool> _isLeaf = [];

    private OnnxTrees()
    {
    }

    /// <summary>Whether an operator is made of trees.</summary>
    public static bool Are(string domain, string type) => domain is "ai.onnx.ml"
        ? type.StartsWith("TreeEnsemble", StringComparison.Ordinal)
        : type is "TfIdfVectorizer";

    /// <summary>Throws <see cref="InvalidDataException"/> where a tree is too deep, or is none.</summary>
    public static void Require(ReadOnlySpan<byte> node)
    {
        var trees = new OnnxTrees();
        var reader = new ProtoReader(node);
        while (reader.Read())
        {
            if (reader.Field == 5)
            {
                trees.Attribute(reader.Bytes);
            }
        }

        // A number for each length of n-grams, from one on.
        if (trees.Of("ngram_counts").Count > MaxDepth)
        {
            throw new InvalidDataException($"has n-grams longer than {MaxDepth}");
        }

        trees.RequireDepth();
    }

    private void Attribute(ReadOnlySpan<byte> attribute)
    {
        var (name, numbers) = ("", new List<long>());
        var isLeaf = new List<bool>();
        var reader = new ProtoReader(attribute);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    name = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 8 when reader.IsPacked:
                    var packed = new ProtoReader(reader.Bytes);
                    while (packed.ReadPacked(out var number))
                    {
                        numbers.Add((long)number);
                    }

                    break;
                case 8:
                    numbers.Add((long)reader.Number);
                    break;
                case 21 when !reader.Bytes.IsEmpty:
                    throw new InvalidDataException("has trees that are given to a function from outside");
                case 9:
                    isLeaf.Add(reader.Bytes.SequenceEqual("LEAF"u8));
                    break;
            }
        }

        // Which of two the runtime takes is not known.
        if (!_numbers.TryAdd(name, numbers))
        {
            throw new InvalidDataException("has an attribute of trees twice");
        }

        if (name == "nodes_modes")
        {
            _isLeaf.AddRange(isLeaf);
        }
    }

    // From the roots down, so that what is not reached lies in a circle.
    private void RequireDepth()
    {
        var children = Children();
        var (waiting, depths) = (new int[children.Length], new int[children.Length]);
        foreach (var child in children.SelectMany(pair => pair))
        {
            waiting[child]++;
        }

        var open = new Queue<int>(Enumerable.Range(0, children.Length).Where(node => waiting[node] == 0));
        var reached = 0;
        for (; open.TryDequeue(out var node); reached++)
        {
            foreach (var child in children[node])
            {
                depths[child] = Math.Max(depths[child], depths[node] + 1);
                if (--waiting[child] == 0)
                {
                    open.Enqueue(child);
                }
            }
        }

        if (reached < children.Length || depths.Any(depth => depth >= MaxDepth))
        {
            throw new InvalidDataException($"has trees deeper than {MaxDepth}");
        }
    }

    // The older operators name nodes by tree and number and mark leaves by their mode; the newer one counts nodes and marks leaves aside.
    private int[][] Children()
    {
        var (ids, trees) = (Of("nodes_nodeids"), Of("nodes_treeids"));
        var count = Math.Max(ids.Count, Of("nodes_truenodeids").Count);
        var places = new Dictionary<(long Tree, long Id), int>(count);
        for (var node = 0; node < count; node++)
        {
            places.TryAdd((At(trees, node, 0), At(ids, node, node)), node);
        }

        return [.. Enumerable.Range(0, count).Select(node => node < _isLeaf.Count && _isLeaf[node]
            ? []
            : (int[])[.. Child("nodes_truenodeids", "nodes_trueleafs", node), .. Child("nodes_falsenodeids", "nodes_falseleafs", node)])];

        IEnumerable<int> Child(string names, string leaves, int node) =>
            At(Of(leaves), node, 0) == 0 && At(Of(names), node, -1) is var id && places.TryGetValue((At(trees, node, 0), id), out var child) ? [child] : [];
    }

    private List<long> Of(string name) => _numbers.GetValueOrDefault(name) ?? [];

    private static long At(List<long> numbers, int index, long otherwise) => index < numbers.Count ? numbers[index] : otherwise;
}
