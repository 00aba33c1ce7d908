using System.Collections.Frozen;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Functions;
using FuncAiSecure.Protocols;

namespace FuncAiSecure.Http;

/// <summary>Every HTTP function of the app with what the chain needs to know about it. A test holds it equal to the functions.</summary>
internal static class Endpoints
{
    private static readonly string[] Post = ["POST"];

    /// <summary>The table.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        // Anyone may ask whether the server lives; nothing else is said to strangers.
        new(nameof(HealthFunctions.HealthLive), ApiFamily.OpenInference, HealthFunctions.LiveRoute),
        new(nameof(HealthFunctions.HealthReady), ApiFamily.OpenInference, HealthFunctions.ReadyRoute),

        // The contract is no secret; a deployment can keep it to itself all the same.
        new(nameof(OpenApiFunctions.OpenApi), ApiFamily.Own, OpenApiFunctions.Route),

        // The operator page: files without data. What it shows it asks for under /manage, with the operator's key.
        new(nameof(ConsoleFunctions.ConsolePage), ApiFamily.Own, ConsoleFunctions.PageRoute) { IsPage = true },
        new(nameof(ConsoleFunctions.ConsolePart), ApiFamily.Own, ConsoleFunctions.FileRoute) { IsPage = true },

        // Open Inference Protocol.
        new(nameof(ModelFunctions.ServerMetadata), ApiFamily.OpenInference, ModelFunctions.ServerRoute) { Action = AccessAction.ReadModel },
        OfModel(nameof(ModelFunctions.ModelMetadata), ApiFamily.OpenInference, ModelFunctions.ModelRoute),
        OfModel(nameof(ModelFunctions.ModelVersionMetadata), ApiFamily.OpenInference, ModelFunctions.ModelVersionRoute),
        OfModel(nameof(ModelFunctions.ModelReady), ApiFamily.OpenInference, ModelFunctions.ModelReadyRoute),
        OfModel(nameof(ModelFunctions.ModelVersionReady), ApiFamily.OpenInference, ModelFunctions.ModelVersionReadyRoute),
        new(nameof(InferFunctions.ModelInfer), ApiFamily.OpenInference, InferFunctions.ModelInferRoute)
        {
            Methods = Post,
            Action = AccessAction.Infer,
            NamesModel = true,
            Body = BodyKind.JsonOrBinary,
            Protocol = () => new TensorProtocol(),
        },
        new(nameof(InferFunctions.ModelVersionInfer), ApiFamily.OpenInference, InferFunctions.ModelVersionInferRoute)
        {
            Methods = Post,
            Action = AccessAction.Infer,
            NamesModel = true,
            Body = BodyKind.JsonOrBinary,
            Protocol = () => new TensorProtocol(),
        },

        new(nameof(StatisticsFunctions.AllStatistics), ApiFamily.OpenInference, StatisticsFunctions.AllRoute) { Action = AccessAction.ReadModel },
        OfModel(nameof(StatisticsFunctions.ModelStatistics), ApiFamily.OpenInference, StatisticsFunctions.ModelRoute),
        OfModel(nameof(StatisticsFunctions.ModelVersionStatistics), ApiFamily.OpenInference, StatisticsFunctions.ModelVersionRoute),

        // OpenAI family.
        new(nameof(ModelListFunctions.ListModels), ApiFamily.OpenAi, ModelListFunctions.ListRoute) { Action = AccessAction.ReadModel },
        OfModel(nameof(ModelListFunctions.GetModel), ApiFamily.OpenAi, ModelListFunctions.GetRoute),
        OverTexts(nameof(TextFunctions.Classify), TextFunctions.ClassifyRoute, () => new ClassifyProtocol()),
        OverTexts(nameof(TextFunctions.Moderate), TextFunctions.ModerationsRoute, () => new ModerationProtocol()),
        OverTexts(nameof(TextFunctions.Embeddings), TextFunctions.EmbeddingsRoute, () => new EmbeddingsProtocol()),
        OverTexts(nameof(TextFunctions.Rerank), TextFunctions.RerankRoute, () => new RerankProtocol()),

        // Operators: versions of models.
        new(nameof(ManageModelFunctions.ManageModels), ApiFamily.Own, ManageModelFunctions.ListRoute) { Action = AccessAction.ManageModels },
        new(nameof(ManageModelFunctions.ManageModelPromotions), ApiFamily.Own, ManageModelFunctions.PromotionsRoute) { Action = AccessAction.ManageModels },
        new(nameof(ManageModelFunctions.ManageModelPromote), ApiFamily.Own, ManageModelFunctions.PromoteRoute)
        {
            Methods = Post,
            Action = AccessAction.ManageModels,
            Body = BodyKind.Json,
        },
        new(nameof(ManageModelFunctions.ManageModelRollback), ApiFamily.Own, ManageModelFunctions.RollbackRoute)
        {
            Methods = Post,
            Action = AccessAction.ManageModels,
        },

        // Plans and what is left of them.
        new(nameof(UsageFunctions.OwnUsage), ApiFamily.OpenAi, UsageFunctions.OwnRoute) { Action = AccessAction.ReadOwnUsage },
        new(nameof(UsageFunctions.ManageUsage), ApiFamily.Own, UsageFunctions.ManageRoute) { Action = AccessAction.ReadUsage },
        new(nameof(UsageFunctions.ManagePlan), ApiFamily.Own, UsageFunctions.PlanRoute)
        {
            Methods = ["PUT"],
            Action = AccessAction.ManageQuotas,
            Body = BodyKind.Json,
        },
        new(nameof(UsageFunctions.ManageReset), ApiFamily.Own, UsageFunctions.ResetRoute)
        {
            Methods = Post,
            Action = AccessAction.ManageQuotas,
            Body = BodyKind.Json,
        },

        // Keys, for operators.
        OfKeys(nameof(KeyFunctions.Keys), KeyFunctions.CollectionRoute, "GET", "POST"),
        OfKeys(nameof(KeyFunctions.KeysCheck), KeyFunctions.CheckRoute, "POST"),
        OfKeys(nameof(KeyFunctions.KeysItem), KeyFunctions.ItemRoute, "GET", "DELETE"),
        OfKeys(nameof(KeyFunctions.KeysRotate), KeyFunctions.RotateRoute, "POST"),

        // Operators: the audit trail.
        new(nameof(AuditFunctions.ManageAudit), ApiFamily.Own, AuditFunctions.ReadRoute) { Action = AccessAction.ReadAudit },
        new(nameof(PayloadFunctions.ManagePayloads), ApiFamily.Own, PayloadFunctions.Route) { Action = AccessAction.ReadPayloads },

        // Operators: what was noticed about callers and models.
        new(nameof(AnomalyFunctions.ManageAnomalies), ApiFamily.Own, AnomalyFunctions.Route) { Action = AccessAction.ReadUsage },

        // Operators: what this instance is doing.
        new(nameof(ServerStatisticsFunctions.ManageStatistics), ApiFamily.Own, ServerStatisticsFunctions.Route) { Action = AccessAction.ReadUsage },

        // Whatever no route took.
        new(nameof(UnmatchedFunctions.ZNotFound), ApiFamily.Own, UnmatchedFunctions.Route)
        {
            Methods = [],
            Body = BodyKind.Any,
        },
    ];

    private static readonly FrozenDictionary<string, Endpoint> ByFunction =
        All.ToFrozenDictionary(endpoint => endpoint.Function, StringComparer.OrdinalIgnoreCase);

    private static Endpoint OfModel(string function, ApiFamily family, string route) =>
        new(function, family, route) { Action = AccessAction.ReadModel, NamesModel = true };

    private static Endpoint OfKeys(string function, string route, params string[] methods) =>
        new(function, ApiFamily.Own, route) { Methods = methods, Action = AccessAction.ManageKeys, Body = BodyKind.Json };

    private static Endpoint OverTexts(string function, string route, Func<InferenceProtocol> protocol) => new(function, ApiFamily.OpenAi, route)
    {
        Methods = Post,
        Action = AccessAction.Infer,
        NamesModel = true,
        Body = BodyKind.Json,
        Protocol = protocol,
    };

    /// <summary>The endpoint of a function.</summary>
    /// <exception cref="InvalidOperationException">The function has no entry: it must not be served.</exception>
    public static Endpoint Of(string function) =>
        ByFunction.TryGetValue(function, out var endpoint)
            ? endpoint
            : throw new InvalidOperationException($"The function {function} has no entry in the endpoint table.");
}
