using System.Globalization;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity.Access;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>Versions of models for operators: what there is, what is refused and why, which serves.</summary>
public static class ManageModelFunctions
{
    internal const string ListRoute = "manage/models";
    internal const string PromotionsRoute = "manage/models/{model}/promotions";
    internal const string PromoteRoute = "manage/models/{model}/promote";
    internal const string RollbackRoute = "manage/models/{model}/rollback";

    private const int HistoryLength = 50;

    /// <summary>Every version on this instance that the operator may see.</summary>
    [Function(nameof(ManageModels))]
    public static Task ManageModels([HttpTrigger(AuthorizationLevel.Anonymous, Route = ListRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var catalog = context.InstanceServices.GetRequiredService<ModelCatalog>();
        ManageModelAnswers.Write(state.Output, catalog.ReadinessFor(Sees), catalog.List().Where(status => Sees(status.Name)));
        return Task.CompletedTask;

        bool Sees(string model) => AccessPolicy.CanSee(state.Principal!, model);
    }

    /// <summary>A model's promotions, newest first.</summary>
    [Function(nameof(ManageModelPromotions))]
    public static async Task ManageModelPromotions(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = PromotionsRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (await ReadHistoryAsync(context, state, HistoryLength) is { } history)
        {
            ManageModelAnswers.Write(state.Output, history);
        }
    }

    /// <summary>Makes a version the one that serves, or gives it a share of the principals.</summary>
    [Function(nameof(ManageModelPromote))]
    public static async Task ManageModelPromote(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = PromoteRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if ((WireJson.Read(state.Body.Span, WireJsonContext.Default.PromoteRequest, out var body) ?? Check(context, state, body!)) is { } refusal)
        {
            state.Refuse(refusal);
            return;
        }

        var promoter = context.InstanceServices.GetRequiredService<ModelPromoter>();
        Answer(state, await promoter.PromoteAsync(state.ModelName!, body!.Version, body.Percent ?? 100, state.Principal!.Id, state.Begin()));
    }

    /// <summary>Returns to what served before the newest promotion.</summary>
    [Function(nameof(ManageModelRollback))]
    public static async Task ManageModelRollback(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = RollbackRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (!HasFolder(context, state) && await ReadHistoryAsync(context, state, 1) is null)
        {
            return;
        }

        var promoter = context.InstanceServices.GetRequiredService<ModelPromoter>();
        Answer(state, await promoter.RollbackAsync(state.ModelName!, state.Principal!.Id, version => CheckBack(context, state, version), state.Begin()));
    }

    // Instances would go on with what serves, and those that start afterwards serve nothing, while the operator thinks it done.
    private static Refusal? CheckBack(FunctionContext context, RequestState state, int version) => Find(context, state, version)?.State switch
    {
        null => Conflict($"The version to return to, {version}, is not in this instance's folder: promote another one."),
        ModelState.Refused => Conflict($"The version to return to, {version}, is refused, and the list says why: promote another one."),
        _ => null,
    };

    // Null where the request was refused. A model whose folder is gone keeps its history; one without either is a slip of the pen.
    private static async Task<IReadOnlyList<Promotion>?> ReadHistoryAsync(FunctionContext context, RequestState state, int count)
    {
        try
        {
            var history = await context.InstanceServices.GetRequiredService<IPromotionStore>().ReadHistoryAsync(state.ModelName!, count, state.Cancellation);
            if (history.Count > 0 || HasFolder(context, state))
            {
                return history;
            }

            state.Refuse(new Refusal(RefusalCode.NotFound) { Detail = "There is no such model." });
        }
        catch (PromotionStoreException)
        {
            state.Refuse(new Refusal(RefusalCode.DependencyUnavailable) { RetryAfter = TimeSpan.FromSeconds(5) });
        }

        return null;
    }

    private static bool HasFolder(FunctionContext context, RequestState state) =>
        context.InstanceServices.GetRequiredService<ModelCatalog>().List().Any(status => status.Name == state.ModelName);

    // A version that this instance does not have, or does not trust, would only be refused by every instance later.
    private static Refusal? Check(FunctionContext context, RequestState state, PromoteRequest body)
    {
        if (body.Percent is < 0 or > 100)
        {
            return new Refusal(RefusalCode.InputInvalid) { Errors = [new InputError("/percent", "Must be 0 to 100.")] };
        }

        var version = Find(context, state, body.Version);
        return version is null ? new Refusal(RefusalCode.NotFound) { Detail = "There is no such version." }
            : version.State is ModelState.Refused && body.Percent != 0 ? Conflict($"This version is refused; the list says why.")
            : null;
    }

    private static ModelStatus? Find(FunctionContext context, RequestState state, int version) =>
        context.InstanceServices.GetRequiredService<ModelCatalog>().List().FirstOrDefault(status => status.Name == state.ModelName && status.Version == version);

    private static Refusal Conflict(FormattableString detail) => new(RefusalCode.Conflict) { Detail = detail.ToString(CultureInfo.InvariantCulture) };

    private static void Answer(RequestState state, PromotionOutcome outcome)
    {
        if (outcome.Promotion is { } promotion)
        {
            state.Subject = string.Create(CultureInfo.InvariantCulture, $"{promotion.Model}@{promotion.Version}")
                + (promotion.CanaryVersion is { } canary ? string.Create(CultureInfo.InvariantCulture, $", @{canary} for {promotion.CanaryPercent} %") : "");
            ManageModelAnswers.Write(state.Output, promotion);
        }
        else
        {
            state.Refuse(outcome.Refusal!);
        }
    }
}
