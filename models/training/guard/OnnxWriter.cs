using System.Runtime.InteropServices;
using System.Text;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Writes the classifier as an ONNX graph: score = Sigmoid(ReduceSum(Gather(weights, slot) * value) + bias), a row a window.
/// Protocol buffers by hand: the graph has five nodes.
/// </summary>
internal static class OnnxWriter
{
    private const int Float = 1;
    private const int Int64 = 7;

    public static byte[] Write(float[] weights, float bias)
    {
        Message graph = new();
        graph.Add(1, Node("Gather", "gathered", "weights", "slot"));
        graph.Add(1, Node("Mul", "scaled", "gathered", "value"));
        graph.Add(1, Node("ReduceSum", "sum", "scaled", "axes"));
        graph.Add(1, Node("Add", "logit", "sum", "bias"));
        graph.Add(1, Node("Sigmoid", "score", "logit"));
        graph.Add(2, "prompt-guard");
        graph.Add(5, Tensor("weights", Float, weights.Length, MemoryMarshal.AsBytes(weights.AsSpan())));
        graph.Add(5, Tensor("bias", Float, 1, MemoryMarshal.AsBytes<float>([bias])));
        graph.Add(5, Tensor("axes", Int64, 1, MemoryMarshal.AsBytes<long>([1])));
        graph.Add(11, Value("slot", Int64, "batch", "features"));
        graph.Add(11, Value("value", Float, "batch", "features"));
        graph.Add(12, Value("score", Float, "batch", null));
        Message opset = new();
        opset.Add(1, "");
        opset.Add(2, 13);
        Message model = new();
        model.Add(1, 8);
        model.Add(2, "FuncAiSecure");
        model.Add(7, graph);
        model.Add(8, opset);
        return model.ToArray();
    }

    private static Message Node(string type, string output, params string[] inputs)
    {
        Message node = new();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        node.Add(2, output);
        node.Add(3, output);
        node.Add(4, type);
        return node;
    }

    private static Message Tensor(string name, int type, int length, ReadOnlySpan<byte> raw)
    {
        Message tensor = new();
        tensor.Add(1, length);
        tensor.Add(2, type);
        tensor.Add(8, name);
        tensor.Add(9, raw);
        return tensor;
    }

    /// <summary>A tensor of two dimensions; an unnamed second one is 1.</summary>
    private static Message Value(string name, int type, string first, string? second)
    {
        Message shape = new();
        foreach (string? dimension in (string?[])[first, second])
        {
            Message one = new();
            if (dimension is null)
            {
                one.Add(1, 1);
            }
            else
            {
                one.Add(2, dimension);
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
