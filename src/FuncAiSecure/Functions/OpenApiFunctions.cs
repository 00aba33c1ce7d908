using System.Buffers;
using FuncAiSecure.Core;
using FuncAiSecure.Http;
using FuncAiSecure.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>What this instance serves, as an OpenAPI 3.1 document.</summary>
public static class OpenApiFunctions
{
    internal const string Route = "openapi.json";

    /// <summary>The document; 404 where the deployment keeps it to itself.</summary>
    [Function(nameof(OpenApi))]
    public static Task OpenApi([HttpTrigger(AuthorizationLevel.Anonymous, Route = Route)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var document = context.InstanceServices.GetRequiredService<OpenApiDocument>();
        if (document.IsServed)
        {
            state.Output.Write(document.Utf8);
        }
        else
        {
            state.Refuse(new Refusal(RefusalCode.NotFound));
        }

        return Task.CompletedTask;
    }
}
