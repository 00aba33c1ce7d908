using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference.Tensors;

namespace FuncAiSecure.Core.Inference.Scheduling;

/// <summary>One request's run: what goes in, who asked, what came out. The inputs stay the caller's and must live until it is done.</summary>
internal sealed class RunWork(IReadOnlyList<Tensor> inputs, ulong outputs, PrincipalId principal, CancellationToken cancellation)
{
    private TaskCompletionSource<Refusal?>? _done;

    /// <summary>In the manifest's order.</summary>
    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    /// <summary>Bit n asks for the manifest's output n.</summary>
    public ulong Outputs { get; } = outputs;

    public PrincipalId Principal { get; } = principal;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>
    /// Where set, dimension 1 of every input is a length that may be padded with these values, one an input, because a mask
    /// among them tells the model; null where shapes must stay as they are.
    /// </summary>
    public IReadOnlyList<long>? Padding { get; init; }

    /// <summary>Dimension 0 of the inputs; 1 for a scalar.</summary>
    public int Rows { get; } = inputs.Count > 0 && inputs[0].Shape.Length > 0 ? (int)inputs[0].Shape[0] : 1;

    /// <summary>Dimension 1 of the inputs; 1 where there is none.</summary>
    public int Length { get; } = inputs.Count > 0 && inputs[0].Shape.Length > 1 ? (int)inputs[0].Shape[1] : 1;

    /// <summary>True if dimension 1 counts tokens, which cost; a model over vectors has features there.</summary>
    public bool HasTokens { get; init; }

    /// <summary>The outputs asked for, in the manifest's order, once done without refusal. Whoever made the work disposes them.</summary>
    public List<Tensor> Results { get; } = new(1);

    /// <summary>When it began to wait, as a timestamp; 0 if it ran at once.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The time of the runs that were before it when it began to wait.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Time in the queue.</summary>
    public TimeSpan Queued { get; set; }

    /// <summary>Time of the run, which it may have shared.</summary>
    public TimeSpan Computed { get; set; }

    /// <summary>Its neighbours in its principal's line.</summary>
    public LinkedListNode<RunWork>? Place { get; set; }

    /// <summary>Makes it one that somebody waits for. Continuations leave the runner's thread alone.</summary>
    public Task<Refusal?> Wait()
    {
        _done = new TaskCompletionSource<Refusal?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _done.Task;
    }

    /// <summary>Done, with an answer in <see cref="Results"/> or a refusal.</summary>
    public void Complete(Refusal? refusal) => _done?.TrySetResult(refusal);

    /// <summary>Done without an answer, because the caller wants none.</summary>
    public void Cancel() => _done?.TrySetCanceled(Cancellation);

    /// <summary>Done by a defect.</summary>
    public void Fail(Exception exception) => _done?.TrySetException(exception);

    public void DisposeResults()
    {
        Results.ForEach(tensor => tensor.Dispose());
        Results.Clear();
    }
}
