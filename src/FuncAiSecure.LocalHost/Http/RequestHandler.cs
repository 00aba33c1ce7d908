using FuncAiSecure.LocalHost.Invocation;
using FuncAiSecure.LocalHost.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.LocalHost.Http;

/// <summary>A request's way through the host: throttle, route, invocation, result, in the official order.</summary>
internal sealed partial class RequestHandler(
    RouteTable routes,
    FunctionExecutionDelegate pipeline,
    RequestThrottle throttle,
    bool hasHomePage,
    IHostApplicationLifetime lifetime,
    ILogger<RequestHandler> logger)
{
    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    /// <summary>Answers a request; never throws for a fault of a function.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (_stopping.IsCancellationRequested)
        {
            await RefuseAsync(http);
            return;
        }

        if (!throttle.TryEnter())
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            http.Response.Headers["X-FUNCTION-SCALEOUT"] = "1";
            return;
        }

        try
        {
            if (!throttle.TryRun())
            {
                await throttle.WaitAsync(http.RequestAborted);
            }

            try
            {
                await RunAsync(http);
            }
            finally
            {
                throttle.Release();
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller left while waiting: there is nobody to answer.
        }
        finally
        {
            throttle.Leave();
        }
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync("Function host is not running.", CancellationToken.None);
    }

    private static Task ExecuteAsync(object? result, HttpContext http) => result switch
    {
        IResult r => r.ExecuteAsync(http),
        IActionResult r => r.ExecuteResultAsync(new ActionContext(http, new RouteData(http.Request.RouteValues), new ActionDescriptor())),
        // Anything else is ignored, and the caller sees an empty 200: what the official integration does.
        _ => Task.CompletedTask,
    };

    private async Task RunAsync(HttpContext http)
    {
        if (routes.Find(http) is not { } function)
        {
            await AnswerUnroutedAsync(http);
            return;
        }

        var context = new LocalFunctionContext(function, InvocationIds.Next(), http);
        HostHeaders.Rewrite(http, context.InvocationId);
        http.SetEndpoint(function.Endpoint);
        try
        {
            await pipeline(context);
            await ExecuteAsync(context.Result, http);
        }
#pragma warning disable CA1031 // The host's edge: whatever a function throws becomes an empty 500.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(http, function.Name, e);
        }
    }

    private Task AnswerUnroutedAsync(HttpContext http)
    {
        if (http.Request.Path.Value is not "/")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (!hasHomePage)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync("<!DOCTYPE html><title>FuncAiSecure</title><p>The function app is up and running.", CancellationToken.None);
    }

    private void Fail(HttpContext http, string function, Exception exception)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            Log.CallerLeft(logger, function);
        }
        else
        {
            Log.InvocationFailed(logger, function, exception);
        }

        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.ContentLength = null;
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Error, "An exception was thrown by an invocation of {Function}")]
        public static partial void InvocationFailed(ILogger logger, string function, Exception exception);

        [LoggerMessage(8002, LogLevel.Information, "The caller left during an invocation of {Function}")]
        public static partial void CallerLeft(ILogger logger, string function);
    }
}
