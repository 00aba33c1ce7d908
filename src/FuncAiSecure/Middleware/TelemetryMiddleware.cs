using System.Diagnostics;
using FuncAiSecure.Core.Monitoring;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FuncAiSecure.Middleware;

/// <summary>
/// One span and one set of measurements a request. Stands inside the error stage and outside everything else, so that refusals
/// are measured as well. Nothing of the caller's but its trace id goes into either.
/// </summary>
internal sealed class TelemetryMiddleware(ServerMetrics metrics) : IFunctionsWorkerMiddleware
{
    private static readonly ActivitySource Source = new(ServerMetrics.Name);

    /// <inheritdoc />
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.FindRequest() is { } state ? MeasureAsync(state, context, next) : next(context);

    private async Task MeasureAsync(RequestState state, FunctionContext context, FunctionExecutionDelegate next)
    {
        var method = KnownMethod(state.Http.Request.Method);
        using var activity = Start(state, method);
        metrics.Begin(method);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            var code = state.Refusal is { } refusal ? RefusalMapping.Of(refusal.Code).Code : null;
            var seconds = state.Time.GetElapsedTime(state.StartedAt).TotalSeconds;
            metrics.End(method, state.Endpoint.Route, state.Status, code, seconds);
            if (state.Ran is { } ran && state.Loaded is { } model)
            {
                metrics.Ran(TaskNames.Of(model.Manifest.Task), model.Manifest.Name, state.InputUnits, ran.TotalSeconds);
            }

            End(activity, state, code);
        }
    }

    private static Activity? Start(RequestState state, string method)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var headers = state.Http.Request.Headers;
        _ = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
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

    private static void End(Activity? activity, RequestState state, string? code)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("http.response.status_code", state.Status);
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
            if (state.Status >= StatusCodes.Status500InternalServerError)
            {
                activity.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static string KnownMethod(string method) =>
        method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" ? method : "_OTHER";
}
