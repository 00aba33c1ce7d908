using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference;

/// <summary>The end of a run: tensors, or why there are none. Owns the tensors; whoever got it disposes it once.</summary>
public sealed class InferenceOutcome : IDisposable
{
    internal InferenceOutcome(Refusal refusal) => Refusal = refusal;

    internal InferenceOutcome(IReadOnlyList<Tensor> outputs, TimeSpan queued, TimeSpan computed)
    {
        Outputs = outputs;
        Queued = queued;
        Computed = computed;
    }

    /// <summary>Why there is no answer; null if there is one.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The outputs asked for, in the order of the request; all of the model's if it named none.</summary>
    public IReadOnlyList<Tensor> Outputs { get; } = [];

    /// <summary>Time in the queue.</summary>
    public TimeSpan Queued { get; }

    /// <summary>Time of the run.</summary>
    public TimeSpan Computed { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in Outputs)
        {
            tensor.Dispose();
        }
    }
}
