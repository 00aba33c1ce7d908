using FuncAiSecure.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

#pragma warning disable CA1822 // Functions are instance methods as in the app.
#pragma warning disable CA1034 // Grouped by test, public because functions must be.

namespace FuncAiSecure.Tests.LocalHost;

/// <summary>Functions for the host's tests: small sets, each a class of its own.</summary>
public static class SampleFunctions
{
    private static Task Say(HttpRequest request, string text) => request.HttpContext.Response.WriteAsync(text);

    public class Routes
    {
        [Function("BLiteral")]
        public Task Literal([HttpTrigger(AuthorizationLevel.Anonymous, Route = "models/special")] HttpRequest request) => Say(request, "literal");

        [Function("aParameter")]
        public Task Parameter([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "models/{name}")] HttpRequest request, string name) =>
            Say(request, "parameter " + name);

        [Function("COptional")]
        public Task Optional([HttpTrigger(AuthorizationLevel.Anonymous, Route = "optional/{a}/{b?}")] HttpRequest request, string a, string? b) =>
            Say(request, $"optional {a} {b ?? "none"}");

        [Function("DConstraint")]
        public Task Constraint([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/{id:int}")] HttpRequest request, int id) =>
            Say(request, $"int {id + 1}");

        [Function("EAlpha")]
        public Task Alpha([HttpTrigger(AuthorizationLevel.Anonymous, Route = "items/{name:alpha}")] HttpRequest request, string name) =>
            Say(request, $"alpha {name}");

        [Function("FCatchAll")]
        public Task CatchAll([HttpTrigger(AuthorizationLevel.Anonymous, Route = "files/{*rest}")] HttpRequest request, string? rest) =>
            Say(request, $"rest {rest}");

        [Function("GDefault")]
        public Task Default([HttpTrigger(AuthorizationLevel.Anonymous, Route = "sized/{size=10}")] HttpRequest request, int size) =>
            Say(request, $"size {size}");

        [Function("Named")]
        public Task ByName([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) => Say(request, "named");
    }

    public class Fallback
    {
        [Function("ZFallback")]
        public Task Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*rest}")] HttpRequest request) => Say(request, "fallback");
    }

    public class Results
    {
        [Function("HttpResult")]
        public IResult Http([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => TypedResults.Text("result", statusCode: 201);

        [Function("AsyncResult")]
        public async Task<IResult> Async([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await Task.Yield();
            return TypedResults.Text("async result", statusCode: 202);
        }

        [Function("ActionResult")]
        public Task<IActionResult> Action([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
            Task.FromResult<IActionResult>(new ObjectResult(new { Some = 1 }) { StatusCode = 203 });

        [Function("Poco")]
        public Task<string> Poco([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult("ignored");

        [Function("Nothing")]
        public void Nothing([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }

        [Function("Throws")]
        public Task Throws([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            request.HttpContext.Response.ContentLength = 5;
            request.HttpContext.Response.Headers["x-kept"] = "yes";
            throw new InvalidOperationException("inner detail");
        }

        [Function("ThrowsLate")]
        public async Task ThrowsLate([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
            await request.HttpContext.Response.WriteAsync("begun");
            await request.HttpContext.Response.Body.FlushAsync();
            throw new InvalidOperationException("inner detail");
        }

        [Function("ReadsBody")]
        public async Task ReadsBody([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            await request.HttpContext.Response.WriteAsync((await reader.ReadToEndAsync()).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public class Bindings
    {
        [Function("Context")]
        public Task Context(
            [HttpTrigger(AuthorizationLevel.Anonymous, Route = "context/{name}")] HttpRequest request,
            string name,
            FunctionContext context,
            CancellationToken cancellation)
        {
            var http = context.GetHttpContext();
            string[] facts =
            [
                $"same http {ReferenceEquals(http, request.HttpContext)}",
                $"same services {ReferenceEquals(context.InstanceServices, http!.RequestServices)}",
                $"id header {request.Headers["x-ms-invocation-id"] == context.InvocationId}",
                $"token {cancellation == context.CancellationToken && cancellation.CanBeCanceled}",
                $"definition {context.FunctionDefinition.Name} {context.FunctionDefinition.EntryPoint.Split('.')[^1]}",
                $"bindings {string.Join(",", context.FunctionDefinition.InputBindings.Values.Concat(context.FunctionDefinition.OutputBindings.Values).Select(b => b.Type))}",
                $"data {context.BindingContext.BindingData["NAME"]} {name}",
                $"endpoint {http.GetEndpoint()?.DisplayName}",
                $"trace {context.TraceContext.TraceParent}",
                $"activity {System.Diagnostics.Activity.Current is null}",
                $"forwarded {request.Headers.Keys.Count(k => k.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase))} {request.Scheme}",
            ];
            return Say(request, string.Join('\n', facts));
        }

        [Function("Missing")]
        public Task Missing([HttpTrigger(AuthorizationLevel.Anonymous, Route = "missing/{n?}")] HttpRequest request, int n) => Say(request, $"{n}");
    }

    public class Waiting(Gate gate)
    {
        [Function("Wait")]
        public async Task Wait([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, CancellationToken cancellation)
        {
            gate.Entered.Release();
            try
            {
                await gate.Leave.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                gate.Cancelled.TrySetResult();
                throw;
            }

            await Say(request, "done");
        }
    }

    public class Timers(Runs runs)
    {
        [Function("EveryMinute")]
        public void Minute([TimerTrigger("%Schedule%")] TimerInfo timer, FunctionContext context) => runs.Add(context, timer);
    }

    public class AtStart(Runs runs)
    {
        [Function("Nightly")]
        public Task Nightly([TimerTrigger("0 0 3 * * *", RunOnStartup = true)] TimerInfo timer, FunctionContext context)
        {
            runs.Add(context, timer);
            throw new InvalidOperationException("a failed run");
        }
    }

    /// <summary>Lets a test hold functions back and see them come and go.</summary>
    public sealed class Gate : IDisposable
    {
        public SemaphoreSlim Entered { get; } = new(0);

        public TaskCompletionSource Leave { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Entered.Dispose();
    }

    /// <summary>What timer functions were told.</summary>
    public sealed class Runs
    {
        private readonly System.Threading.Channels.Channel<(FunctionContext Context, TimerInfo Timer)> _runs =
            System.Threading.Channels.Channel.CreateUnbounded<(FunctionContext, TimerInfo)>();

        public void Add(FunctionContext context, TimerInfo timer) => _runs.Writer.TryWrite((context, timer));

        public async Task<(FunctionContext Context, TimerInfo Timer)> NextAsync()
        {
            await Wait.UntilAsync("a timer's function runs", () => !IsEmpty);
            return await _runs.Reader.ReadAsync();
        }

        public bool IsEmpty => !_runs.Reader.TryPeek(out _);
    }
}
