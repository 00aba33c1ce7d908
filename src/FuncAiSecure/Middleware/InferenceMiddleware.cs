using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Runs the model, for a request that has passed every stage before this one and for no other: a stage that was left out of
/// the chain is a refusal, not an open door.
/// </summary>
internal sealed partial class InferenceMiddleware(ILogger<InferenceMiddleware> logger) : Stage(Stages.Inference)
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

    private async ValueTask<Refusal?> RunAsync(RequestState state)
    {
        var start = state.Time.GetTimestamp();
        var refusal = await state.Protocol!.RunAsync(state).ConfigureAwait(false);
        if (refusal is null)
        {
            state.Ran = state.Time.GetElapsedTime(start);
        }

        if (refusal?.Fault is { } fault)
        {
            Log.Broken(logger, state.RequestId, state.Loaded?.Manifest.Name, state.Loaded?.Manifest.Version, fault);
        }

        return refusal;
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Warning, "Request {RequestId}: {Model} version {Version} broke its contract: {Fault}")]
        public static partial void Broken(ILogger logger, string requestId, string? model, int? version, string fault);
    }
}
