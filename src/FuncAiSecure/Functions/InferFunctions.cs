using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncAiSecure.Functions;

/// <summary>Open Inference Protocol inference.</summary>
public static class InferFunctions
{
    internal const string ModelInferRoute = "v2/models/{model}/infer";
    internal const string ModelVersionInferRoute = "v2/models/{model}/versions/{version:int:min(1)}/infer";

    /// <summary>Runs the promoted version of a model.</summary>
    [Function(nameof(ModelInfer))]
    public static Task ModelInfer([HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelInferRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();

    /// <summary>Runs a named version of a model.</summary>
    [Function(nameof(ModelVersionInfer))]
    public static Task ModelVersionInfer(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ModelVersionInferRoute)] HttpRequest request, FunctionContext context) =>
        context.WriteInference();
}
