using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// A body that is one tensor's binary data and nothing else (<c>Inference-Header-Content-Length: 0</c>), for a model of one
/// input with at most one open dimension, which the length decides. Outputs come as binary data too.
/// </summary>
public static class RawRequest
{
    /// <summary>Reads a raw body; null, or why it was refused. The caller owns the request.</summary>
    public static Refusal? Read(ReadOnlySpan<byte> body, TensorSpec input, out InferRequest? request)
    {
        ArgumentNullException.ThrowIfNull(input);
        request = null;
        long fixedCount = 1;
        var open = -1;
        for (var axis = 0; axis < input.Shape.Length; axis++)
        {
            if (input.Shape[axis] >= 0)
            {
                fixedCount *= input.Shape[axis];
            }
            else if (open >= 0)
            {
                return RequestFaults.Malformed("", "A raw body needs a model whose input has at most one open dimension.");
            }
            else
            {
                open = axis;
            }
        }

        // A text's own length prefix is part of the data, so that a raw text body is exactly one element.
        var size = input.Datatype == Datatype.Bytes ? body.Length : fixedCount * input.Datatype.ElementSize();
        var count = size > 0 ? body.Length / size : 0;
        if (size <= 0 || count == 0 || count * size != body.Length || (open < 0 && count != 1))
        {
            return RequestFaults.Malformed("", "The raw body does not have the length of the model's input.");
        }

        var shape = input.Shape.ToArray();
        if (open >= 0)
        {
            shape[open] = count;
        }

        RequestFaults? faults = null;
        if (BinaryTensors.Read(input.Datatype, shape, body, "/inputs/0", ref faults) is not { } tensor)
        {
            return faults!.ToRefusal();
        }

        tensor.Name = input.Name;
        request = new InferRequest([tensor]) { BinaryOutput = true };
        return null;
    }
}
