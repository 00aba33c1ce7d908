using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>A parsed Open Inference Protocol request. Owns its tensors; whoever got it disposes it once.</summary>
public sealed class InferRequest : IDisposable
{
    private readonly List<Tensor> _inputs;

    internal InferRequest(List<Tensor> inputs) => _inputs = inputs;

    /// <summary>The caller's identifier, echoed in the answer.</summary>
    public string? Id { get; internal set; }

    /// <summary>The inputs in the order of the body, with distinct names.</summary>
    public IReadOnlyList<Tensor> Inputs => _inputs;

    /// <summary>The outputs asked for; empty means all of the model's.</summary>
    public IReadOnlyList<RequestedOutput> Outputs { get; internal set; } = [];

    /// <summary>True if outputs that say nothing of their own are to come as binary data.</summary>
    public bool BinaryOutput { get; internal set; }

    /// <summary>How long the caller is willing to wait (the protocol's <c>timeout</c>, microseconds on the wire).</summary>
    public TimeSpan? Timeout { get; internal set; }

    /// <summary>Puts other texts in the place of a text input's; the shape stays.</summary>
    /// <param name="index">The input.</param>
    /// <param name="texts">As many as the input has elements.</param>
    public void ReplaceTexts(int index, IReadOnlyList<string> texts) => _inputs[index] = _inputs[index].TakeTexts(texts);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in Inputs)
        {
            tensor.Dispose();
        }
    }
}

/// <summary>An output that the caller asked for.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Binary">Whether its data is to come as binary; null where the request's default holds.</param>
public readonly record struct RequestedOutput(string Name, bool? Binary);
