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
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            state.IsAbandoned = true;
        }
        catch (OperationCanceledException) when (state.IsPastDeadline)
        {
            state.Refuse(new Refusal(RefusalCode.DeadlineExceeded));
        }
        catch (OperationCanceledException) when (state.IsStopped)
        {
            state.Refuse(Stopping);
        }
        catch (Exception e)
        {
            LogDefect(logger, e.GetType().Name, state.RequestId, e.StackTrace);
            state.Refuse(new Refusal(RefusalCode.InternalError));
        }

        if (!state.IsAbandoned)
        {
            await ResponseWriter.WriteAsync(state).ConfigureAwait(false);
        }
    }

    // The type and the stack name the defect; an exception's message may quote what the caller sent.
    [LoggerMessage(8001, LogLevel.Error, "Request {RequestId} ended in {ExceptionType}:\n{Stack}")]
    private static partial void LogDefect(ILogger logger, string exceptionType, string requestId, string? stack);
}
