using FuncAiSecure.Core.Inference;
using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>What the thin functions share.</summary>
internal static class FunctionAnswers
{
    /// <summary>Writes the answer of an inference that the chain has run.</summary>
    public static Task WriteInference(this FunctionContext context)
    {
        var state = context.Request();
        state.Protocol!.Write(state);
        return Task.CompletedTask;
    }

    /// <summary>
    /// The token of what an operator changes. Nothing begins for a caller that has gone; what has begun comes to its end whoever waits for
    /// it: cut in the middle it would be done by half, or done, and on record as a request that came to nothing.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller has gone, its deadline has passed or the host is stopping.</exception>
    public static CancellationToken Begin(this RequestState state)
    {
        state.Cancellation.ThrowIfCancellationRequested();
        return CancellationToken.None;
    }

    /// <summary>The model that the route names, loaded where it is not yet; null where it cannot serve, and then the request is refused.</summary>
    public static async ValueTask<OnnxModel?> LoadModelAsync(this RequestState state)
    {
        var (model, refusal) = await state.Model!.GetModelAsync(state.Cancellation).ConfigureAwait(false);
        if (refusal is not null)
        {
            state.Refuse(refusal);
        }

        return (OnnxModel?)model;
    }
}
