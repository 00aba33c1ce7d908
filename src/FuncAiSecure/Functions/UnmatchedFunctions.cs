using FuncAiSecure.Core;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>Answers what no other route takes, so that a 404 has the same shape as every other refusal.</summary>
public static class UnmatchedFunctions
{
    internal const string Route = "{*path}";

    /// <summary>Routes are tried in alphabetical order of function names: this name must stay the last.</summary>
    [Function(nameof(ZNotFound))]
    public static Task ZNotFound([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, FunctionContext context)
    {
        context.Request().Refuse(new Refusal(RefusalCode.NotFound) { Detail = "There is nothing at this path." });
        return Task.CompletedTask;
    }
}
