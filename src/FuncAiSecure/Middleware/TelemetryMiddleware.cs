using System.Diagnostics;
using FuncAiSecure.Core.Monitoring;
using FuncAiSecure.Core.Monitoring.Behaviour;
using FuncAiSecure.Core.Monitoring.Live;
using FuncAiSecure.Hosting;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FuncAiSecure.Middleware;

/// <summary>
/// One span and one set of measurements a request. Stands inside the error stage and outside everything else, so that refusals
/// are measured as well. Nothing of the caller's goes into either but its trace id and, on the span, its request id;
/// <c>tracestate</c> is free text and is let go. The app's own probes are not measured.
/// </summary>
internal sealed class TelemetryMiddleware(ServerMetrics metrics, LiveStatistics live, BehaviourMonitor behaviour) : IFunctionsWorkerMiddleware
{
    private static readonly ActivitySource Source = new(ServerMetrics.Name);

    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context is not SelfCheckInvocation && context.FindRequest() is { } state ? MeasureAsync(state, context, next) : next(context);

    private async Task MeasureAsync(RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        var method = KnownMethod(state.Http.Request.Method);
        using var activity = Start(state, method);
        metrics.Begin(method);
        var isLive = state.Endpoint.Action is not null;
        if (isLive)
        {
            live.Begin();
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
            var end = RequestEnd.Of(state, failure);
            if (isLive)
            {
                live.End(Finished(state, end));
            }

            Measure(state, method, activity, end);
        }
    }

    // Only names of the catalog: a name that no model has may be the caller's text.
    private static FinishedRequest Finished(RequestState state, RequestEnd end) => new(
        state.RequestId,
        state.Endpoint.Function,
        state.Model?.Manifest.Name,
        state.Model?.Version ?? 0,
        state.Principal?.Id,
        end.Refused,
        end.IsAbandoned,
        end.Status,
        state.Time.GetElapsedTime(state.StartedAt));

    private void Measure(RequestState state, string method, Activity? activity, RequestEnd end)
    {
        var code = end.Refused is { } refused ? RefusalMapping.Of(refused).Code : null;
        var status = end.IsAbandoned ? StatusCodes.Status499ClientClosedRequest : end.Status;
        metrics.End(method, state.Endpoint.Route, status, code, state.Time.GetElapsedTime(state.StartedAt).TotalSeconds);
        if (state.Loaded is { Manifest: { } manifest })
        {
            foreach (var verdict in state.Verdicts)
            {
                metrics.Judged(verdict.Rule, manifest.Name);
            }

            if (state.Ran is { } ran)
            {
                metrics.Ran(TaskNames.Of(manifest.Task), manifest.Name, state.InputUnits, ran.TotalSeconds);
            }
        }

        Describe(activity, state, status, code);
        BehaviourFacts.Observe(behaviour, state, end);
    }

    private static Activity? Start(RequestState state, string method)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var headers = state.Http.Request.Headers;
        _ = ActivityContext.TryParse(headers.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(string.Concat(method, " /", state.Endpoint.Route), ActivityKind.Server, parent);
        activity?.SetTag("http.request.method", method);
        activity?.SetTag("http.route", state.Endpoint.Route);
        activity?.SetTag("url.scheme", state.Http.Request.Scheme);
        if (activity is not null)
        {
            state.TraceId = activity.TraceId;
        }

        return activity;
    }

    private static void Describe(Activity? activity, RequestState state, int status, string? code)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("http.response.status_code", status);
        activity.SetTag("funcaisecure.request.id", state.RequestId);
        if (state.Model is { } model)
        {
            activity.SetTag("gen_ai.request.model", model.Manifest.Name);
            activity.SetTag("funcaisecure.model.version", model.Version);
            activity.SetTag("gen_ai.usage.input_tokens", state.InputUnits);
        }

        if (code is not null)
        {
            activity.SetTag("error.type", code);
            if (status >= StatusCodes.Status500InternalServerError)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static string KnownMethod(string method) =>
        method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" ? method : "_OTHER";
}
