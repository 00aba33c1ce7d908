using FuncAiSecure.Functions;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;

namespace FuncAiSecure.OpenApi;

/// <summary>What a reader of the document wants to know of an operation beyond its endpoint.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Request">The schema of the body.</param>
/// <param name="Response">The schema of the answer.</param>
/// <param name="Status">The status of the answer.</param>
internal sealed record OpenApiOperation(string Summary, string Request = "AnyObject", string Response = "AnyObject", int Status = StatusCodes.Status200OK)
{
    /// <summary>Statuses of answers that are no refusals.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [Status];

    /// <summary>Parameters of the query.</summary>
    public IReadOnlyList<OpenApiQuery> Query { get; init; } = [];
}

/// <summary>A parameter of a query: its name, what it means, the largest value if it is a whole number, whether it must be there.</summary>
internal sealed record OpenApiQuery(string Name, string Meaning, int? Largest = null, bool IsRequired = false);

/// <summary>The operations by function, or by function and method where methods differ. A test holds that none is missing.</summary>
internal static class OpenApiOperations
{
    private static readonly Dictionary<string, OpenApiOperation> ByFunction = new(StringComparer.Ordinal)
    {
        [nameof(HealthFunctions.HealthLive)] = new("Whether the process answers", Response: "Health"),
        [nameof(HealthFunctions.HealthReady)] = new("Whether the instance may get requests", Response: "Health")
        {
            Statuses = [StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable],
        },
        [nameof(ModelFunctions.ServerMetadata)] = new("Name, version and extensions of the server", Response: "ServerMetadata"),
        [nameof(ModelFunctions.ModelMetadata)] = new("Inputs, outputs and versions of a model", Response: "ModelMetadata"),
        [nameof(ModelFunctions.ModelVersionMetadata)] = new("Inputs and outputs of a model version", Response: "ModelMetadata"),
        [nameof(ModelFunctions.ModelReady)] = new("Whether a model serves", Response: "ModelReady"),
        [nameof(ModelFunctions.ModelVersionReady)] = new("Whether a model version serves", Response: "ModelReady"),
        [nameof(InferFunctions.ModelInfer)] = new("Run the promoted version of a model on tensors", "InferRequest", "InferResponse"),
        [nameof(InferFunctions.ModelVersionInfer)] = new("Run a version of a model on tensors", "InferRequest", "InferResponse"),
        [nameof(StatisticsFunctions.AllStatistics)] = new("Counters of every loaded version on this instance", Response: "ModelStatistics"),
        [nameof(StatisticsFunctions.ModelStatistics)] = new("Counters of the promoted version on this instance", Response: "ModelStatistics"),
        [nameof(StatisticsFunctions.ModelVersionStatistics)] = new("Counters of a version on this instance", Response: "ModelStatistics"),
        [nameof(ModelListFunctions.ListModels)] = new("The models that the caller may use", Response: "ModelList"),
        [nameof(ModelListFunctions.GetModel)] = new("One model", Response: "Model"),
        [nameof(TextFunctions.Classify)] = new("Labels and probabilities of texts", "ClassifyRequest", "ClassifyResponse"),
        [nameof(TextFunctions.Embeddings)] = new("A vector for each text", "EmbeddingsRequest", "EmbeddingsResponse"),
        [nameof(TextFunctions.Rerank)] = new("Documents in the order in which they answer a query", "RerankRequest", "RerankResponse"),
        [nameof(ServerStatisticsFunctions.ManageStatistics)] = new("What this instance is doing", Response: "ServerStatistics"),
        [nameof(TextFunctions.Moderate)] = new("What the guards say of texts", "ModerationRequest", "ModerationResponse"),
        [nameof(OpenApiFunctions.OpenApi)] = new("This document"),
        [nameof(ManageModelFunctions.ManageModels)] = new("Versions on this instance, refused ones with their faults", Response: "ManagedModels"),
        [nameof(ManageModelFunctions.ManageModelPromotions)] = new("A model's promotions, newest first", Response: "PromotionList"),
        [nameof(ManageModelFunctions.ManageModelPromote)] = new("Make a version the one that serves, or give it a share", "PromoteRequest", "Promotion"),
        [nameof(ManageModelFunctions.ManageModelRollback)] = new("Return to what served before", Response: "Promotion"),
        [nameof(UsageFunctions.OwnUsage)] = new("The caller's plan: limits, used, left", Response: "QuotaUsage"),
        [nameof(UsageFunctions.ManageUsage)] = new("Any caller's usage", Response: "QuotaUsage")
        {
            Query = [new("principal", "The caller.", IsRequired: true), new("plan", "The plan that its credential names.")],
        },
        [nameof(UsageFunctions.ManagePlan)] = new("Set a caller's plan", "PlanChange", "Done"),
        [nameof(UsageFunctions.ManageReset)] = new("Start a caller's windows anew", "WindowReset", "Done"),
        [nameof(KeyFunctions.Keys) + " GET"] = new("All keys, without their secrets", Response: "KeyList"),
        [nameof(KeyFunctions.Keys) + " POST"] = new("Create a key", "KeyCreateRequest", "CreatedKey", StatusCodes.Status201Created),
        [nameof(KeyFunctions.KeysCheck)] = new("What is the matter with a key", "KeyCheckRequest", "KeyCheck"),
        [nameof(KeyFunctions.KeysItem) + " GET"] = new("A key's record", Response: "Key"),
        [nameof(KeyFunctions.KeysItem) + " DELETE"] = new("Revoke a key", Response: "Key"),
        [nameof(KeyFunctions.KeysRotate)] = new("Replace a key; the old one works on for a while", "KeyRotateRequest", "CreatedKey", StatusCodes.Status201Created),
        [nameof(AuditFunctions.ManageAudit)] = new("Audit records, oldest first", Response: "AuditRecords")
        {
            Query =
            [
                new("from", "From this day on, yyyy-MM-dd."), new("to", "Up to and with this day."), new("principal", "Of this caller."),
                new("model", "To this model."), new("outcome", "With this outcome."), new("request", "Of this request."),
                new("after", "The next of the page before."), new("limit", "Records of a page; 100 where absent.", AuditPage.MaxLimit),
            ],
        },
        [nameof(PayloadFunctions.ManagePayloads)] = new("What was captured of a request; reading it is recorded", Response: "CapturedPayloads")
        {
            Query = [new("day", "Search this day only, yyyy-MM-dd in UTC.")],
        },
        [nameof(AnomalyFunctions.ManageAnomalies)] = new("What was noticed about callers and models, newest first", Response: "Anomalies")
        {
            Query = [new("limit", "Anomalies at most; 100 where absent.", AnomalyFunctions.MaxLimit)],
        },
    };

    /// <summary>What is said of an operation.</summary>
    /// <exception cref="KeyNotFoundException">Nothing is.</exception>
    public static OpenApiOperation Of(string function, string method) =>
        ByFunction.TryGetValue($"{function} {method}", out var operation) ? operation : ByFunction[function];
}
