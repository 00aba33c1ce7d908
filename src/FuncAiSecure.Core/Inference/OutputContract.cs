using System.Text.Unicode;
using FuncAiSecure.Core.Inference.Protocol;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference;

/// <summary>
/// Whether what a model gave is what its manifest promises: names, datatypes, shapes, finite numbers, texts in UTF-8, and
/// probabilities that are ones. What is not leaves nobody's machine.
/// </summary>
public static class OutputContract
{
    /// <summary>How far a row of probabilities may be from one in sum.</summary>
    public const double SumTolerance = 1e-3;

    private static readonly Refusal NoProbabilities = Broken("scores of the first output are no probabilities");
    private static readonly Refusal NoVector = Broken("numbers made of the first output are not finite");

    /// <summary>Null, or a refusal with <see cref="RefusalCode.OutputBlocked"/>.</summary>
    /// <param name="tensor">The output.</param>
    /// <param name="spec">What the manifest says of it.</param>
    public static Refusal? Check(Tensor tensor, TensorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(spec);
        if (tensor.Name != spec.Name || tensor.Datatype != spec.Datatype || !Fits(tensor.Shape, spec))
        {
            var said = $"{spec.Datatype.WireName()} {Text(spec.Shape.AsSpan())}";
            return Broken($"output {spec.Name} is {tensor.Datatype.WireName()} {Text(tensor.Shape)} where the manifest says {said}");
        }

        return HasGoodElements(tensor) ? null : Broken($"output {spec.Name} has numbers that are not finite, or texts that are not UTF-8");
    }

    /// <summary>
    /// The same for the first output of a text task: a row a text, no row empty, and where rows are read by tokens, as many as there are. What
    /// a graph answers of more or less cannot be told apart by text or token.
    /// </summary>
    /// <param name="output">The output, [rows, columns], [rows, tokens, columns] or, for a score each, [rows].</param>
    /// <param name="texts">Texts of the run.</param>
    /// <param name="tokens">Tokens of the longest of them; null where tokens are not told apart.</param>
    public static Refusal? CheckRows(Tensor output, int texts, int? tokens)
    {
        ArgumentNullException.ThrowIfNull(output);
        var good = output.Shape[0] == texts && output.ElementCount > 0 && (tokens is null || output.Shape[1] == tokens);
        var asked = tokens is null ? $"{texts} texts" : $"{texts} texts of {tokens} tokens";
        return good ? null : Broken($"output {output.Name} is {Text(output.Shape)} for {asked}");
    }

    /// <summary>The refusal of an output that is not what its manifest promises.</summary>
    /// <param name="fault">What is wrong with it, for operators.</param>
    public static Refusal Broken(string fault) =>
        new(RefusalCode.OutputBlocked) { Detail = "The model's output breaks its contract.", Fault = fault };

    /// <summary>The same for scores that a task made: all finite, in 0 to 1, and with softmax a sum of one.</summary>
    public static Refusal? CheckProbabilities(ReadOnlySpan<float> row, Activation activation)
    {
        double sum = 0;
        foreach (var value in row)
        {
            if (value is not (>= 0 and <= 1.0001f))
            {
                return NoProbabilities;
            }

            sum += value;
        }

        return activation != Activation.Softmax || Math.Abs(sum - 1) <= SumTolerance ? null : NoProbabilities;
    }

    /// <summary>The same for a vector that a task made: all finite.</summary>
    public static Refusal? CheckVector(ReadOnlySpan<float> vector)
    {
        double squares = 0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        return double.IsFinite(squares) ? null : NoVector;
    }

    private static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    private static bool Fits(ReadOnlySpan<long> shape, TensorSpec spec)
    {
        if (shape.Length != spec.Shape.Length)
        {
            return false;
        }

        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (spec.Shape[axis] >= 0 && spec.Shape[axis] != shape[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasGoodElements(Tensor tensor)
    {
        if (tensor.Datatype != Datatype.Bytes)
        {
            return BinaryTensors.FirstBad(tensor.Datatype, tensor.Data) < 0;
        }

        for (var index = 0; index < tensor.ElementCount; index++)
        {
            if (!Utf8.IsValid(tensor.Text(index)))
            {
                return false;
            }
        }

        return true;
    }
}
