using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>Routes over texts in the shapes of the OpenAI family.</summary>
public static class TextFunctions
{
    internal const string ClassifyRoute = "v1/classify";
    internal const string ModerationsRoute = "v1/moderations";
    internal const string EmbeddingsRoute = "v1/embeddings";
    internal const string RerankRoute = "v1/rerank";

    /// <summary>Labels and probabilities of texts.</summary>
    [Function(nameof(Classify))]
    public static Task Classify([HttpTrigger(AuthorizationLevel.Anonymous, Route = ClassifyRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();

    /// <summary>What the guards say of texts.</summary>
    [Function(nameof(Moderate))]
    public static Task Moderate([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModerationsRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();

    /// <summary>A vector for each text.</summary>
    [Function(nameof(Embeddings))]
    public static Task Embeddings([HttpTrigger(AuthorizationLevel.Anonymous, Route = EmbeddingsRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();

    /// <summary>Documents in the order in which they answer a query.</summary>
    [Function(nameof(Rerank))]
    public static Task Rerank([HttpTrigger(AuthorizationLevel.Anonymous, Route = RerankRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();
}
