using System.Runtime.InteropServices;
using System.Text;
using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Writes the classifier as an ONNX graph, a row a window: the sigmoid of the weights that Gather finds times their values, summed, plus
/// the network over the window's words, each given by its symbols. Protocol buffers by hand: few nodes.
/// </summary>
internal static class OnnxWriter
{
    private const int Float = 1;
    private const int Int8 = 3;
    private const int Int64 = 7;
    private const int Integer = 2;
    private const int Integers = 7;

    public static byte[] Write(GuardModel model)
    {
        Message graph = new();
        graph.Add(1, Node("Gather", "gathered", [], "weights", "slot"));
        graph.Add(1, Node("Mul", "scaled", [], "gathered", "value"));
        graph.Add(1, Node("ReduceSum", "sum", [], "scaled", "second"));
        graph.Add(1, Node("Add", "linear", [], "sum", "bias"));
        graph.Add(1, Node("Gather", "steps", [], "table", "word"));
        graph.Add(1, Node("Cast", "rows", [Attribute("to", Integer, Float)], "steps"));
        graph.Add(1, Node("ReduceSum", "row", [Attribute("keepdims", Integer, 0)], "rows", "third"));
        graph.Add(1, Node("Mul", "product", [], "row", "scale"));
        graph.Add(1, Node("Relu", "rectified", [], "product"));
        graph.Add(1, Node("Gather", "symbol", [Attribute("axis", Integer, 2)], "word", "zero"));
        graph.Add(1, Node("Less", "isWord", [], "symbol", "padding"));
        graph.Add(1, Node("Cast", "present", [Attribute("to", Integer, Float)], "isWord"));
        graph.Add(1, Node("Mul", "unit", [], "rectified", "present"));
        graph.Add(1, Node("ReduceMax", "most", [Attribute("axes", Integers, 1), Attribute("keepdims", Integer, 0)], "unit"));
        graph.Add(1, Node("ReduceSum", "total", [Attribute("keepdims", Integer, 0)], "unit", "second"));
        graph.Add(1, Node("ReduceSum", "counted", [Attribute("keepdims", Integer, 0)], "present", "second"));
        graph.Add(1, Node("Max", "count", [], "counted", "least"));
        graph.Add(1, Node("Div", "mean", [], "total", "count"));
        graph.Add(1, Node("Concat", "pooled", [Attribute("axis", Integer, 1)], "most", "mean"));
        graph.Add(1, Node("MatMul", "meant", [], "pooled", "output"));
        graph.Add(1, Node("Add", "logit", [], "linear", "meant"));
        graph.Add(1, Node("Sigmoid", "score", [], "logit"));
        graph.Add(2, "prompt-guard");
        graph.Add(5, Tensor("weights", Float, MemoryMarshal.AsBytes(model.Linear.Weights.AsSpan()), model.Linear.Weights.Length));
        graph.Add(5, Tensor("bias", Float, MemoryMarshal.AsBytes<float>([model.Bias]), 1));
        graph.Add(5, Tensor("table", Int8, MemoryMarshal.AsBytes(model.Network.Table.AsSpan()), WordNetwork.Rows, WordNetwork.Units));
        graph.Add(5, Tensor("scale", Float, MemoryMarshal.AsBytes(model.Network.Scale.AsSpan()), WordNetwork.Units));
        graph.Add(5, Tensor("output", Float, MemoryMarshal.AsBytes(model.Network.Output.AsSpan()), model.Network.Output.Length, 1));
        graph.Add(5, Tensor("least", Float, MemoryMarshal.AsBytes<float>([WordNetwork.LeastWords]), 1));
        graph.Add(5, Longs("padding", WordNetwork.Padding));
        graph.Add(5, Longs("zero", 0));
        graph.Add(5, Longs("second", 1));
        graph.Add(5, Longs("third", 2));
        graph.Add(11, Value("slot", Int64, "batch", "features"));
        graph.Add(11, Value("value", Float, "batch", "features"));
        graph.Add(11, Value("word", Int64, "batch", "words", "symbols"));
        graph.Add(12, Value("score", Float, "batch", 1));
        Message opset = new();
        opset.Add(1, "");
        opset.Add(2, 13);
        Message file = new();
        file.Add(1, 8);
        file.Add(2, "FuncAiSecure");
        file.Add(7, graph);
        file.Add(8, opset);
        return file.ToArray();
    }

    private static Message Node(string type, string output, Message[] attributes, params string[] inputs)
    {
        Message node = new();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        node.Add(2, output);
        node.Add(3, output);
        node.Add(4, type);
        foreach (Message attribute in attributes)
        {
            node.Add(5, attribute);
        }

        return node;
    }

    private static Message Attribute(string name, int type, int value)
    {
        Message attribute = new();
        attribute.Add(1, name);
        attribute.Add(type == Integers ? 8 : 3, value);
        attribute.Add(20, type);
        return attribute;
    }

    private static Message Longs(string name, params long[] values) => Tensor(name, Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    private static Message Tensor(string name, int type, ReadOnlySpan<byte> raw, params int[] shape)
    {
        Message tensor = new();
        foreach (int dimension in shape)
        {
            tensor.Add(1, dimension);
        }

        tensor.Add(2, type);
        tensor.Add(8, name);
        tensor.Add(9, raw);
        return tensor;
    }

    /// <summary>A tensor whose dimensions are names or numbers.</summary>
    private static Message Value(string name, int type, params object[] dimensions)
    {
        Message shape = new();
        foreach (object dimension in dimensions)
        {
            Message one = new();
            if (dimension is int length)
            {
                one.Add(1, length);
            }
            else
            {
                one.Add(2, (string)dimension);
            }

            shape.Add(1, one);
        }

        Message tensor = new();
        tensor.Add(1, type);
        tensor.Add(2, shape);
        Message wrapped = new();
        wrapped.Add(1, tensor);
        Message value = new();
        value.Add(1, name);
        value.Add(2, wrapped);
        return value;
    }

    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public void Add(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
        }

        public void Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public void Add(int field, Message inner) => Add(field, inner.ToArray());

        public void Add(int field, ReadOnlySpan<byte> bytes)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)bytes.Length);
            _bytes.AddRange(bytes);
        }

        public byte[] ToArray() => [.. _bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }
}
