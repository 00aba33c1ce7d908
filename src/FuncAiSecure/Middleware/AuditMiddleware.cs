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
/// be recorded is refused, before it begins where that is known by then, unless the deployment has chosen otherwise.
/// </summary>
internal sealed class AuditMiddleware(AuditTrail trail, PayloadCapture capture) : IFunctionsWorkerMiddleware
{
    private static readonly Refusal Unrecordable = new(RefusalCode.DependencyUnavailable) { Detail = "Requests cannot be recorded at present." };

    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FindRequest() is { } state ? RecordAsync(state, context, next) : next(context);

    private async Task RecordAsync(RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        state.Passed |= Stages.Audit;

        // What strangers may ask for never reaches identity; the app's own probes are nobody's.
        var isRecorded = state.Endpoint.Action is not null && context is not SelfCheckInvocation;
        if (isRecorded && trail.Refuses)
        {
            state.Refuse(Unrecordable);
            return;
        }

        Exception? failure = null;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
            throw;
        }
        finally
        {
            // Nor does what transport turned away.
            if (isRecorded && state.Passed.HasFlag(Stages.Transport))
            {
                Record(state, failure);
            }
        }
    }

    private void Record(RequestState state, Exception? failure)
    {
        if (state.Model is { } model && capture.Captures(model.Manifest))
        {
            capture.TryCapture(model.Manifest, state.RequestId, state.Body.Memory.Span);
        }

        // Nobody reads payloads unrecorded, whatever a deployment has chosen for its callers.
        var record = AuditEntries.Of(state, failure, trail);
        if (!(state.Endpoint.Action is AccessAction.ReadPayloads ? trail.MustRecord(record) : trail.TryRecord(record)))
        {
            state.Refuse(Unrecordable);
        }
    }
}
