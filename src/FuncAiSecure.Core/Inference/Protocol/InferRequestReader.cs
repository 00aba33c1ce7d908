using System.Text.Unicode;
using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>
/// Reads an Open Inference Protocol v2 request straight from UTF-8 into pooled tensors, in one pass. The JSON is taken strictly
/// (no duplicate or unknown members, no comments, no trailing commas, valid UTF-8). Structure at fault is
/// <see cref="RefusalCode.MalformedRequest"/>, a value at fault <see cref="RefusalCode.InputInvalid"/>, each with a JSON pointer.
/// </summary>
public static class InferRequestReader
{
    /// <summary>Reads a body.</summary>
    /// <param name="body">The whole body: JSON, followed by the binary tensor data if there is any.</param>
    /// <param name="jsonLength">
    /// What <c>Inference-Header-Content-Length</c> says, in bytes; null for a body that is all JSON. 0 (a raw body) is
    /// <see cref="RawRequest"/>'s business.
    /// </param>
    /// <param name="names">The model's tensor names.</param>
    /// <param name="request">The request, owned by the caller; null if refused.</param>
    /// <returns>Null, or why the body was refused.</returns>
    public static Refusal? Read(ReadOnlySpan<byte> body, long? jsonLength, TensorNames names, out InferRequest? request)
    {
        ArgumentNullException.ThrowIfNull(names);
        request = null;
        if (jsonLength is < 1 || jsonLength > body.Length)
        {
            return RequestFaults.Malformed("", "Inference-Header-Content-Length does not fit the body.");
        }

        var json = body[..(int)(jsonLength ?? body.Length)];
        if (!Utf8.IsValid(json))
        {
            return RequestFaults.Malformed("", "The body is not valid UTF-8.");
        }

        var tensors = new List<Tensor>(2);
        var reader = new RequestReader(json, body[json.Length..], names, tensors);
        var read = reader.Read(out var found);
        if (read)
        {
            request = found;
            return null;
        }

        tensors.ForEach(tensor => tensor.Dispose());
        return reader.Refusal;
    }
}
