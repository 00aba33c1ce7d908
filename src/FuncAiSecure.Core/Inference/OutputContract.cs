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

    private static readonly Refusal Blocked = new(RefusalCode.OutputBlocked) { Detail = "The model's output breaks its contract." };

    /// <summary>Null, or a refusal with <see cref="RefusalCode.OutputBlocked"/>.</summary>
    /// <param name="tensor">The output.</param>
    /// <param name="spec">What the manifest says of it.</param>
    public static Refusal? Check(Tensor tensor, TensorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(spec);
        return tensor.Name == spec.Name && tensor.Datatype == spec.Datatype && Fits(tensor.Shape, spec) && HasGoodElements(tensor) ? null : Blocked;
    }

    /// <summary>The same for scores that a task made: all finite, in 0 to 1, and with softmax a sum of one.</summary>
    public static Refusal? CheckProbabilities(ReadOnlySpan<float> row, Activation activation)
    {
        double sum = 0;
        foreach (var value in row)
        {
            if (value is not (>= 0 and <= 1.0001f))
            {
                return Blocked;
            }

            sum += value;
        }

        return activation != Activation.Softmax || Math.Abs(sum - 1) <= SumTolerance ? null : Blocked;
    }

    /// <summary>The same for a vector that a task made: all finite, and of length one where that is promised.</summary>
    public static Refusal? CheckVector(ReadOnlySpan<float> vector, bool normalized)
    {
        double squares = 0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        return double.IsFinite(squares) && (!normalized || Math.Abs(squares - 1) <= SumTolerance) ? null : Blocked;
    }

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
