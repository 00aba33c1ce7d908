using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Outermost, because an exception that leaves our chain is an empty 200 at the worker and an empty 500 outside. Makes the
/// request's state, and writes the one answer of every request after all other stages have unwound.
/// </summary>
internal sealed partial class ErrorMiddleware(TimeProvider time, ILogger<ErrorMiddleware> logger) : IFunctionsWorkerMiddleware
{
    private static readonly Refusal Stopping = new(RefusalCode.Overloaded) { Detail = "This instance is stopping.", RetryAfter = TimeSpan.FromSeconds(1) };

    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext();
        return http is null ? next(context) : AnswerAsync(http, context, next);
    }

    private async Task AnswerAsync(HttpContext http, FunctionContext context, FunctionExecutionDelegate next)
    {
        using var state = new RequestState(http, context, Endpoints.Of(context.FunctionDefinition.Name), time);
        context.Hold(state);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            End(state, e);
        }

        if (!state.IsAbandoned)
        {
            await ResponseWriter.WriteAsync(state).ConfigureAwait(false);
        }
    }

    private void End(RequestState state, Exception failure)
    {
        switch (RequestEnd.CauseOf(state, failure))
        {
            case null:
                state.IsAbandoned = true;
                return;
            case RefusalCode.Overloaded:
                state.Refuse(Stopping);
                return;
            case RefusalCode.InternalError:
                LogDefect(logger, failure.GetType().Name, state.RequestId, failure.StackTrace);
                state.Refuse(new Refusal(RefusalCode.InternalError));
                return;
            case { } code:
                state.Refuse(new Refusal(code));
                return;
        }
    }

    // The type and the stack name the defect; an exception's message may quote what the caller sent.
    [LoggerMessage(8001, LogLevel.Error, "Request {RequestId} ended in {ExceptionType}:\n{Stack}")]
    private static partial void LogDefect(ILogger logger, string exceptionType, string requestId, string? stack);
}
