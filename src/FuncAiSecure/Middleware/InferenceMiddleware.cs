using FuncAiSecure.Core;
using FuncAiSecure.Http;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Runs the model, for a request that has passed every stage before this one and for no other: a stage that was left out of
/// the chain is a refusal, not an open door.
/// </summary>
internal sealed class InferenceMiddleware() : Stage(Stages.None)
{
    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Protocol is null)
        {
            return default;
        }

        return (state.Passed & Stages.BeforeInference) == Stages.BeforeInference
            ? state.Protocol.RunAsync(state)
            : new(new Refusal(RefusalCode.InternalError));
    }
}
