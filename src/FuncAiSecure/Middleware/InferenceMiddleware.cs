using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Runs the model, for a request that has passed every stage before this one and for no other: a stage that was left out of
/// the chain is a refusal, not an open door.
/// </summary>
internal sealed class InferenceMiddleware() : Stage(Stages.Inference)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Protocol is null)
        {
            return default;
        }

        return (state.Passed & Stages.BeforeInference) == Stages.BeforeInference
            ? RunAsync(state)
            : new(new Refusal(RefusalCode.InternalError));
    }

    private static async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var start = state.Time.GetTimestamp();
        var refusal = await state.Protocol!.RunAsync(state).ConfigureAwait(false);
        if (refusal is null)
        {
            state.Ran = state.Time.GetElapsedTime(start);
        }

        return refusal;
    }
}
