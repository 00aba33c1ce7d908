using System.Globalization;
using System.Text;

namespace FuncAiSecure.Core.Models.Onnx;

/// <summary>
/// Walks a ModelProto (field numbers: onnx/onnx.proto of the ONNX project) and sums up what a judge needs: operators, external
/// data, inputs and outputs. Bounded in depth and nodes, those of functions included, so that a hostile file ends quickly.
/// </summary>
internal sealed class OnnxWalker
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 500_000;
    private readonly OnnxSummary _summary = new();
    private readonly OnnxCalls _calls = new();

    private OnnxWalker()
    {
    }

    /// <summary>Sums up a model. Throws <see cref="InvalidDataException"/> where the bytes are none.</summary>
    public static OnnxSummary Walk(ReadOnlySpan<byte> model)
    {
        var walker = new OnnxWalker();
        walker.Model(model);
        walker._calls.Require();
        return walker._summary;
    }

    /// <summary>Reads a TensorProto's reference to another file; null where the data is inside.</summary>
    public static ExternalTensor? ReadExternal(ReadOnlySpan<byte> tensor)
    {
        var (name, external) = ("", false);
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ProtoReader(tensor);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 8:
                    name = Text(reader.Bytes);
                    break;
                case 13:
                    var (key, value) = Entry(reader.Bytes);
                    entries[key] = value;
                    break;
                case 14:
                    external = reader.Number == 1;
                    break;
            }
        }

        if (!external)
        {
            return entries.Count == 0 ? null : throw new InvalidDataException($"has external data that is not marked as such, in '{name}'");
        }

        return new ExternalTensor(
            name,
            entries.GetValueOrDefault("location", ""),
            entries.TryGetValue("offset", out var offset) ? Size(offset) : 0,
            entries.TryGetValue("length", out var length) ? Size(length) : null);
    }

    private void Model(ReadOnlySpan<byte> model)
    {
        var graphs = 0;
        var reader = new ProtoReader(model);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 7:
                    graphs++;
                    Graph(reader.Bytes, depth: 0);
                    break;
                case 20:
                    _summary.Faults.Add("has training information, which is not served");
                    break;
                case 25:
                    Function(reader.Bytes);
                    break;
            }
        }

        if (graphs != 1)
        {
            throw new InvalidDataException("does not hold exactly one graph");
        }
    }

    private void Graph(ReadOnlySpan<byte> graph, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"nests graphs deeper than {MaxDepth}");
        }

        var (inputs, outputs, initializers) = (new List<string>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var reader = new ProtoReader(graph);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 1:
                    Node(reader.Bytes, depth);
                    break;
                case 5:
                    initializers.Add(Initializer(reader.Bytes, depth));
                    break;
                case 11:
                    inputs.Add(Text(reader.Bytes, field: 1));
                    break;
                case 12:
                    outputs.Add(Text(reader.Bytes, field: 1));
                    break;
                case 15:
                    Sparse(reader.Bytes);
                    break;
            }
        }

        if (depth == 0)
        {
            _summary.Inputs = [.. inputs.Where(name => !initializers.Contains(name))];
            _summary.Outputs = [.. outputs];
        }
    }

    private void Function(ReadOnlySpan<byte> function)
    {
        var (domain, name) = (Text(function, field: 10), Text(function, field: 1));
        _summary.Functions.Add((domain, name));
        _calls.Enter(domain, name, Text(function, field: 13));
        var reader = new ProtoReader(function);
        while (reader.Read())
        {
            if (reader.Field == 7)
            {
                Node(reader.Bytes, depth: 1);
            }
            else if (reader.Field == 11)
            {
                Attribute(reader.Bytes, depth: 1);
            }
        }

        _calls.Leave();
    }

    private void Node(ReadOnlySpan<byte> node, int depth)
    {
        if (++_summary.Nodes > MaxNodes)
        {
            throw new InvalidDataException($"has more than {MaxNodes} nodes");
        }

        var (type, domain, overload) = ("", "", "");
        var reader = new ProtoReader(node);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 4:
                    type = Text(reader.Bytes);
                    break;
                case 5:
                    Attribute(reader.Bytes, depth);
                    break;
                case 7:
                    domain = Text(reader.Bytes);
                    break;
                case 8:
                    overload = Text(reader.Bytes);
                    break;
            }
        }

        if (OnnxTrees.Are(domain, type))
        {
            OnnxTrees.Require(node);
        }

        _calls.Add(domain, type, overload, Math.Max(1, depth));
        _summary.Operators.Add((domain == "ai.onnx" ? "" : domain, type));
    }

    private void Attribute(ReadOnlySpan<byte> attribute, int depth)
    {
        var reader = new ProtoReader(attribute);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 5 or 10:
                    Inner(reader.Bytes);
                    break;
                case 6 or 11:
                    Graph(reader.Bytes, depth + 1);
                    break;
                case 22 or 23:
                    Sparse(reader.Bytes);
                    break;
            }
        }
    }

    private string Initializer(ReadOnlySpan<byte> tensor, int depth)
    {
        if (depth > 0)
        {
            Inner(tensor);
        }
        else if (ReadExternal(tensor) is { } external)
        {
            _summary.External.Add(external);
        }

        return Text(tensor, field: 8);
    }

    private void Sparse(ReadOnlySpan<byte> sparse)
    {
        var reader = new ProtoReader(sparse);
        while (reader.Read())
        {
            if (reader.Field is 1 or 2)
            {
                Inner(reader.Bytes);
            }
        }
    }

    // External data is put back only into initializers of the main graph; nobody needs it elsewhere.
    private void Inner(ReadOnlySpan<byte> tensor)
    {
        if (ReadExternal(tensor) is not null)
        {
            _summary.Faults.Add("has external data outside the initializers of its main graph");
        }
    }

    // Of several the last one counts, as for the runtime.
    private static string Text(ReadOnlySpan<byte> message, int field)
    {
        var text = "";
        var reader = new ProtoReader(message);
        while (reader.Read())
        {
            if (reader.Field == field)
            {
                text = Text(reader.Bytes);
            }
        }

        return text;
    }

    private static (string Key, string Value) Entry(ReadOnlySpan<byte> entry) => (Text(entry, field: 1), Text(entry, field: 2));

    private static long Size(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        ? size
        : throw new InvalidDataException("has external data with an offset or a length that is no number");

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
