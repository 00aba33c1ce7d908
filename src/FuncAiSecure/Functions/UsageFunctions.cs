using System.Buffers;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Functions;

/// <summary>What callers see of their plan, and what operators see and change of everybody's.</summary>
public static class UsageFunctions
{
    internal const string OwnRoute = "v1/usage";
    internal const string ManageRoute = "manage/usage";
    internal const string PlanRoute = "manage/usage/plan";
    internal const string ResetRoute = "manage/usage/reset";

    private static readonly Refusal NoSuchPrincipal = new(RefusalCode.InputInvalid)
    {
        Detail = $"principal is {PrincipalId.Form}",
        Parameter = "principal",
    };

    internal static readonly Refusal NoSuchPlan = new(RefusalCode.InputInvalid)
    {
        Detail = "No plan of this name is configured.",
        Parameter = "plan",
    };

    /// <summary>The caller's own plan: limits, used, left, reset times.</summary>
    [Function(nameof(OwnUsage))]
    public static Task OwnUsage([HttpTrigger(AuthorizationLevel.Anonymous, Route = OwnRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        if (Quotas(context).CheckUsageRead(state.Principal!) is { } refusal)
        {
            state.Refuse(refusal);
            return Task.CompletedTask;
        }

        return AnswerAsync(context, state.Principal!.Id, state.Principal.Plan, forOperator: false);
    }

    /// <summary>Any caller's usage, with the instances that lease: <c>?principal=ID</c>, and <c>&amp;plan=NAME</c> if its credential names a plan.</summary>
    [Function(nameof(ManageUsage))]
    public static Task ManageUsage([HttpTrigger(AuthorizationLevel.Anonymous, Route = ManageRoute)] HttpRequest request, FunctionContext context)
    {
        if (!PrincipalId.TryParse(request.Query["principal"], out var principal))
        {
            context.Request().Refuse(NoSuchPrincipal);
            return Task.CompletedTask;
        }

        var plan = Plan(request.Query["plan"]);
        if (FindPlan(context, plan) is { } refusal)
        {
            context.Request().Refuse(refusal);
            return Task.CompletedTask;
        }

        return AnswerAsync(context, principal, plan, forOperator: true);
    }

    /// <summary>Sets a caller's plan, or with null goes back to its credential's. Holds everywhere within 30 s.</summary>
    [Function(nameof(ManagePlan))]
    public static async Task ManagePlan([HttpTrigger(AuthorizationLevel.Anonymous, Route = PlanRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var refusal = WireJson.Read(state.Body.Span, WireJsonContext.Default.PlanChange, out var change);
        if (refusal is null && PrincipalId.TryParse(change!.Principal, out var principal))
        {
            refusal = await Quotas(context).SetPlanAsync(principal, change.Plan, state.Begin());
            Note(state, refusal, principal, change.Plan is null ? "plan of its credential" : $"plan {change.Plan}");
        }
        else
        {
            refusal ??= NoSuchPrincipal;
        }

        Finish(state, refusal);
    }

    /// <summary>Starts the current windows of a caller anew: all of them, or one policy's.</summary>
    [Function(nameof(ManageReset))]
    public static async Task ManageReset([HttpTrigger(AuthorizationLevel.Anonymous, Route = ResetRoute)] HttpRequest request, FunctionContext context)
    {
        var state = context.Request();
        var refusal = WireJson.Read(state.Body.Span, WireJsonContext.Default.WindowReset, out var reset);
        if (refusal is null && PrincipalId.TryParse(reset!.Principal, out var principal))
        {
            refusal = FindPlan(context, reset.Plan) ?? await ResetAsync(state, Quotas(context), principal, reset);
        }
        else
        {
            refusal ??= NoSuchPrincipal;
        }

        Finish(state, refusal);
    }

    private static async Task AnswerAsync(FunctionContext context, PrincipalId principal, string? plan, bool forOperator)
    {
        var state = context.Request();
        if (await Quotas(context).GetUsageAsync(principal, plan, state.Cancellation) is { } usage)
        {
            UsageWriter.Write(state.Output, usage, forOperator ? principal : null);
        }
        else
        {
            state.Refuse(new Refusal(RefusalCode.DependencyUnavailable) { Detail = "Usage cannot be read at the moment." });
        }
    }

    // Of several windows some may have been started anew before one could not be: that is on record too.
    private static async Task<Refusal?> ResetAsync(RequestState state, QuotaService quotas, PrincipalId principal, WindowReset reset)
    {
        var (refusal, anew) = await quotas.ResetAsync(principal, reset.Plan, reset.Policy, state.Begin());
        if (!anew.IsEmpty)
        {
            Note(state, null, principal, refusal is null && reset.Policy is null ? "reset" : $"reset {string.Join(' ', anew)}");
        }

        return refusal;
    }

    // Only what was done: plan and policy are known names then, and not the caller's own words.
    private static void Note(RequestState state, Refusal? refusal, PrincipalId principal, string what)
    {
        if (refusal is null)
        {
            (state.Subject, state.About) = (what, principal);
        }
    }

    private static void Finish(RequestState state, Refusal? refusal)
    {
        if (refusal is null)
        {
            state.Output.Write("{\"done\":true}"u8);
        }
        else
        {
            state.Refuse(refusal);
        }
    }

    // An operator's slip of the pen is no outage.
    private static Refusal? FindPlan(FunctionContext context, string? plan) => plan is null || Quotas(context).HasPlan(plan) ? null : NoSuchPlan;

    private static string? Plan(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static QuotaService Quotas(FunctionContext context) => context.InstanceServices.GetRequiredService<QuotaService>();
}
