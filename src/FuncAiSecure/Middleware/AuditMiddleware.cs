using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FuncAiSecure.Middleware;

/// <summary>
/// One record for every request that reached identity, whatever its end, and never its payload. Stands outside the controls, so
/// that it sees every refusal, and inside the error stage, so that no answer leaves before its record was accepted: what cannot
/// be recorded is refused, unless the deployment has chosen otherwise.
/// </summary>
internal sealed class AuditMiddleware(AuditTrail trail, PayloadCapture capture) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FindRequest() is { } state ? RecordAsync(state, context, next) : next(context);

    private async Task RecordAsync(RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        state.Passed |= Stages.Audit;
        var hasEnded = false;
        try
        {
            await next(context).ConfigureAwait(false);
            hasEnded = true;
        }
        finally
        {
            // What strangers may ask for, and what transport turned away, never reaches identity; the app's own probes are nobody's.
            if (state.Endpoint.Action is not null && state.Passed.HasFlag(Stages.Transport) && context is not SelfCheckInvocation)
            {
                Record(state, hasEnded);
            }
        }
    }

    private void Record(RequestState state, bool hasEnded)
    {
        if (state.Model is { } model && capture.Captures(model.Manifest))
        {
            capture.TryCapture(model.Manifest, state.RequestId, state.Body.Memory.Span);
        }

        // Nobody reads payloads unrecorded, whatever a deployment has chosen for its callers.
        var record = AuditEntries.Of(state, hasEnded, trail);
        if (!(state.Endpoint.Action is AccessAction.ReadPayloads ? trail.MustRecord(record) : trail.TryRecord(record)))
        {
            state.Refuse(new Refusal(RefusalCode.DependencyUnavailable) { Detail = "Requests cannot be recorded at present." });
        }
    }
}
