using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FuncAiSecure.IntegrationTests.Canary;

/// <summary>A defect behind all stages, whose exception quotes what the caller sent.</summary>
internal sealed class Defect : IFunctionsWorkerMiddleware
{
    public const string Header = "x-defect";

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        context.GetHttpContext() is { } http && http.Request.Headers.TryGetValue(Header, out var quoted)
            ? throw new InvalidOperationException(quoted, new FormatException(quoted))
            : next(context);
}
