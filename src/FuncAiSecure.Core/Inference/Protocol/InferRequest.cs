using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Protocol;

/// <summary>A parsed Open Inference Protocol request. Owns its tensors; whoever got it disposes it once.</summary>
public sealed class InferRequest : IDisposable
{
    internal InferRequest(List<Tensor> inputs) => Inputs = inputs;

    /// <summary>The caller's identifier, echoed in the answer.</summary>
    public string? Id { get; internal set; }

    /// <summary>The inputs in the order of the body, with distinct names.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>The outputs asked for; empty means all of the model's.</summary>
    public IReadOnlyList<RequestedOutput> Outputs { get; internal set; } = [];

    /// <summary>True if outputs that say nothing of their own are to come as binary data.</summary>
    public bool BinaryOutput { get; internal set; }

    /// <summary>How long the caller is willing to wait (the protocol's <c>timeout</c>, microseconds on the wire).</summary>
    public TimeSpan? Timeout { get; internal set; }

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
