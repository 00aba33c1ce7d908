using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>Routes over texts in the shapes of the OpenAI family.</summary>
public static class TextFunctions
{
    internal const string ClassifyRoute = "v1/classify";
    internal const string ModerationsRoute = "v1/moderations";

    /// <summary>Labels and probabilities of texts.</summary>
    [Function(nameof(Classify))]
    public static Task Classify([HttpTrigger(AuthorizationLevel.Anonymous, Route = ClassifyRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();

    /// <summary>What the guards say of texts.</summary>
    [Function(nameof(Moderate))]
    public static Task Moderate([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModerationsRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();
}
