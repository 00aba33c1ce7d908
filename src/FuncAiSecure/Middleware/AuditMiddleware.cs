using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// One record for every request, whatever its end, and never its payload. Stands outside the controls, so that it sees every
/// refusal, and inside the error stage, so that no answer leaves before its record was accepted.
/// </summary>
internal sealed partial class AuditMiddleware(ILogger<AuditMiddleware> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FindRequest() is { } state ? RecordAsync(state, context, next) : next(context);

    private async Task RecordAsync(RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        state.Passed |= Stages.Audit;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            LogRequest(logger, state.RequestId, state.Endpoint.Function, state.Status, state.Refusal?.Code.ToString() ?? "served");
        }
    }

    [LoggerMessage(6000, LogLevel.Debug, "Request {RequestId} to {Function}: {Status}, {Outcome}")]
    private static partial void LogRequest(ILogger logger, string requestId, string function, int status, string outcome);
}
