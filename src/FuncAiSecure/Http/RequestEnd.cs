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
    /// <param name="hasEnded">False where an exception is on its way to the error stage.</param>
    public static RequestEnd Of(RequestState state, bool hasEnded)
    {
        if (hasEnded)
        {
            return state.IsAbandoned ? new(null, true, 0) : new(state.Refusal?.Code, false, state.Status);
        }

        if (state.Http.RequestAborted.IsCancellationRequested)
        {
            return new(null, true, 0);
        }

        var code = state.IsPastDeadline ? RefusalCode.DeadlineExceeded : state.IsStopped ? RefusalCode.Overloaded : RefusalCode.InternalError;
        return new(code, false, RefusalMapping.Of(code).Status);
    }
}
