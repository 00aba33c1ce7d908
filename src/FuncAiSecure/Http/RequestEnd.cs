using FuncAiSecure.Core;

namespace FuncAiSecure.Http;

/// <summary>How a request ends, told before the outermost stage has answered it: an exception may still be on its way there.</summary>
/// <param name="Refused">Why it was refused; null if it was served or abandoned.</param>
/// <param name="IsAbandoned">Whether its caller went away.</param>
/// <param name="Status">The answer's status; 0 where nobody waits for one.</param>
internal readonly record struct RequestEnd(RefusalCode? Refused, bool IsAbandoned, int Status)
{
    /// <summary>The end.</summary>
    /// <param name="state">The request.</param>
    /// <param name="failure">The exception that is on its way to the error stage, which will answer; null if none is.</param>
    public static RequestEnd Of(RequestState state, Exception? failure)
    {
        var cause = failure is null ? null : CauseOf(state, failure);
        if (failure is null ? state.IsAbandoned : cause is null)
        {
            return new(null, true, 0);
        }

        // The first refusal stands.
        return cause is { } code && state.Refusal is null
            ? new(code, false, RefusalMapping.Of(code).Status)
            : new(state.Refusal?.Code, false, state.Status);
    }

    /// <summary>What an exception makes of the request; null where its caller went away. Only a cancellation can be somebody's wish: all else is a defect.</summary>
    public static RefusalCode? CauseOf(RequestState state, Exception failure) => failure switch
    {
        not OperationCanceledException => RefusalCode.InternalError,
        _ when state.Http.RequestAborted.IsCancellationRequested => null,
        _ when state.IsPastDeadline => RefusalCode.DeadlineExceeded,
        _ when state.IsStopped => RefusalCode.Overloaded,
        _ => RefusalCode.InternalError,
    };
}
