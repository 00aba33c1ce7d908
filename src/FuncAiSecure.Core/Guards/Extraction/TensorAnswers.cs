using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>Tensors for tensors: an answer for each row where inputs and outputs share their first dimension, otherwise one.</summary>
public readonly struct TensorAnswers : IAnswers
{
    // Of an input so many numbers are looked at; rows of other types than single precision are taken over in such pieces.
    private const int Sample = 128;

    private readonly IReadOnlyList<Tensor> _inputs;
    private readonly IReadOnlyList<Tensor> _outputs;
    private readonly int _labels;

    /// <summary>The answers of a request.</summary>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">The model's outputs, before anything was taken from them.</param>
    /// <param name="labels">How many labels the model has; outputs whose rows are as long are scores of them.</param>
    public TensorAnswers(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, int labels)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        (_inputs, _outputs, _labels) = (inputs, outputs, labels);
        Count = RowsOf(inputs, outputs);
    }

    /// <inheritdoc />
    public int Count { get; }

    /// <inheritdoc />
    public AnswerFacts FactsOf(int index)
    {
        Span<float> buffer = stackalloc float[Sample];
        var sketch = SketchOf(index, buffer);
        foreach (var output in _outputs)
        {
            if (IsScores(output) && PieceOf(output, index, 0, buffer) is { Length: > 1 } scores && scores.Length == _labels)
            {
                return AnswerFacts.Of(sketch, scores);
            }
        }

        return new AnswerFacts(sketch, -1, float.NaN);
    }

    /// <inheritdoc />
    public double BitsOf(int index, OutputPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Span<float> buffer = stackalloc float[Sample];
        var bits = 0d;
        foreach (var output in _outputs)
        {
            var length = output.ElementCount / Count;
            var scores = PieceOf(output, index, 0, buffer);
            if (IsScores(output) && scores.Length == _labels)
            {
                bits += AnswerBits.OfScores(scores, Math.Min(_labels, policy.TopK ?? _labels), policy.Decimals);
                continue;
            }

            for (var done = 0; done < length; done += scores.Length)
            {
                scores = PieceOf(output, index, done, buffer);
                bits += AnswerBits.OfNumbers(scores, output.Datatype is Datatype.Fp32 or Datatype.Fp64 or Datatype.Fp16 ? policy.Decimals : 0);
            }
        }

        return bits;
    }

    private static int RowsOf(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs)
    {
        var rows = outputs.Count > 0 && !outputs[0].Shape.IsEmpty ? outputs[0].Shape[0] : 1;
        for (var i = 0; i < inputs.Count + outputs.Count; i++)
        {
            var shape = (i < inputs.Count ? inputs[i] : outputs[i - inputs.Count]).Shape;
            if (shape.IsEmpty || shape[0] != rows)
            {
                return 1;
            }
        }

        return (int)Math.Max(1, rows);
    }

    private bool IsScores(Tensor output) => _labels > 1 && !output.Shape.IsEmpty && output.Shape[^1] == _labels && output.ElementCount == (long)_labels * Count;

    private ulong SketchOf(int index, Span<float> buffer)
    {
        var each = Math.Max(1, Sample / Math.Max(1, _inputs.Count));
        var (filled, texts) = (0, 0UL);
        foreach (var input in _inputs)
        {
            var length = input.ElementCount / Count;
            if (input.Datatype == Datatype.Bytes)
            {
                for (var i = 0; i < length; i++)
                {
                    texts = (texts << 1) ^ InputSketch.Of(input.TextAsString((index * length) + i));
                }

                continue;
            }

            var step = Math.Max(1, (length + each - 1) / each);
            for (var i = 0; i < length && filled < Sample; i += step)
            {
                buffer[filled++] = ValueOf(input, (index * length) + i);
            }
        }

        return InputSketch.Of(buffer[..filled]) ^ texts;
    }

    // The row itself where it is of single precision, otherwise its next piece, converted.
    private ReadOnlySpan<float> PieceOf(Tensor tensor, int row, int from, Span<float> buffer)
    {
        var length = tensor.ElementCount / Count;
        if (tensor.Datatype == Datatype.Fp32)
        {
            return tensor.Elements<float>().Slice((row * length) + from, length - from);
        }

        var piece = buffer[..Math.Min(length - from, buffer.Length)];
        for (var i = 0; i < piece.Length; i++)
        {
            piece[i] = ValueOf(tensor, (row * length) + from + i);
        }

        return piece;
    }

    private static float ValueOf(Tensor tensor, int index) => tensor.Datatype switch
    {
        Datatype.Fp32 => tensor.Elements<float>()[index],
        Datatype.Fp64 => (float)tensor.Elements<double>()[index],
        Datatype.Fp16 => (float)tensor.Elements<Half>()[index],
        Datatype.Bool or Datatype.Uint8 => tensor.Elements<byte>()[index],
        Datatype.Int8 => tensor.Elements<sbyte>()[index],
        Datatype.Int16 => tensor.Elements<short>()[index],
        Datatype.Uint16 => tensor.Elements<ushort>()[index],
        Datatype.Int32 => tensor.Elements<int>()[index],
        Datatype.Uint32 => tensor.Elements<uint>()[index],
        Datatype.Int64 => tensor.Elements<long>()[index],
        Datatype.Uint64 => tensor.Elements<ulong>()[index],
        Datatype.Bf16 => BitConverter.UInt32BitsToSingle((uint)tensor.Elements<ushort>()[index] << 16),
        _ => float.PositiveInfinity,
    };
}
