using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference;

/// <summary>The end of a run: tensors, or why there are none. Owns the tensors; whoever got it disposes it once.</summary>
public sealed class InferenceOutcome : IDisposable
{
    private readonly List<Tensor> _outputs = [];

    internal InferenceOutcome(Refusal refusal) => Refusal = refusal;

    internal InferenceOutcome(List<Tensor> outputs, TimeSpan queued, TimeSpan computed)
    {
        _outputs = outputs;
        Queued = queued;
        Computed = computed;
    }

    /// <summary>Why there is no answer; null if there is one.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The outputs asked for, in the order of the request; all of the model's if it named none.</summary>
    public IReadOnlyList<Tensor> Outputs => _outputs;

    /// <summary>Time in the queue.</summary>
    public TimeSpan Queued { get; }

    /// <summary>Time of the run.</summary>
    public TimeSpan Computed { get; }

    /// <summary>Puts other texts in the place of a text output's; the shape stays.</summary>
    /// <param name="index">The output.</param>
    /// <param name="texts">As many as the output has elements.</param>
    public void ReplaceTexts(int index, IReadOnlyList<string> texts) => _outputs[index] = _outputs[index].TakeTexts(texts);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in Outputs)
        {
            tensor.Dispose();
        }
    }
}
