using System.Text.RegularExpressions;
using FuncAiSecure.Functions;

namespace FuncAiSecure.OpenApi;

/// <summary>What a reader of the document wants to know of an operation beyond its endpoint.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Request">The schema of the body.</param>
/// <param name="Response">The schema of the answer.</param>
internal sealed record OpenApiOperation(string Summary, string Request = "AnyObject", string Response = "AnyObject");

/// <summary>The operations by function. A function without an entry is described by its own name.</summary>
internal static partial class OpenApiOperations
{
    private static readonly Dictionary<string, OpenApiOperation> ByFunction = new(StringComparer.Ordinal)
    {
        [nameof(HealthFunctions.HealthLive)] = new("Whether the process answers", Response: "Health"),
        [nameof(HealthFunctions.HealthReady)] = new("Whether the instance may get requests", Response: "Health"),
        [nameof(ModelFunctions.ServerMetadata)] = new("Name, version and extensions of the server", Response: "ServerMetadata"),
        [nameof(ModelFunctions.ModelMetadata)] = new("Inputs, outputs and versions of a model", Response: "ModelMetadata"),
        [nameof(ModelFunctions.ModelVersionMetadata)] = new("Inputs and outputs of a model version", Response: "ModelMetadata"),
        [nameof(ModelFunctions.ModelReady)] = new("Whether a model serves", Response: "ModelReady"),
        [nameof(ModelFunctions.ModelVersionReady)] = new("Whether a model version serves", Response: "ModelReady"),
        [nameof(InferFunctions.ModelInfer)] = new("Run the promoted version of a model on tensors", "InferRequest", "InferResponse"),
        [nameof(InferFunctions.ModelVersionInfer)] = new("Run a version of a model on tensors", "InferRequest", "InferResponse"),
        [nameof(StatisticsFunctions.ModelStatistics)] = new("Counters of the promoted version on this instance", Response: "ModelStatistics"),
        [nameof(StatisticsFunctions.ModelVersionStatistics)] = new("Counters of a version on this instance", Response: "ModelStatistics"),
        [nameof(ModelListFunctions.ListModels)] = new("The models that the caller may use", Response: "ModelList"),
        [nameof(ModelListFunctions.GetModel)] = new("One model", Response: "Model"),
        [nameof(TextFunctions.Classify)] = new("Labels and probabilities of texts", "ClassifyRequest", "ClassifyResponse"),
        [nameof(TextFunctions.Embeddings)] = new("A vector for each text", "EmbeddingsRequest", "EmbeddingsResponse"),
        [nameof(TextFunctions.Rerank)] = new("Documents in the order in which they answer a query", "RerankRequest", "RerankResponse"),
        [nameof(ServerStatisticsFunctions.ManageStatistics)] = new("What this instance is doing", Response: "ServerStatistics"),
        [nameof(OpenApiFunctions.OpenApi)] = new("This document"),
    };

    public static OpenApiOperation Of(string function) =>
        ByFunction.TryGetValue(function, out var operation) ? operation : new OpenApiOperation(WordStart().Replace(function, " $1"));

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex WordStart();
}
