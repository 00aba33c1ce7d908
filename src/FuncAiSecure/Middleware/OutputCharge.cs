using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Core.Guards.Output;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Http;
using FuncAiSecure.Protocols;

namespace FuncAiSecure.Middleware;

/// <summary>Charges a request's answers to its principal's information budget.</summary>
internal static class OutputCharge
{
    // What the audit trail and the count of verdicts call the steps; a manifest has at most eight.
    private static readonly string[] Steps = [.. Enumerable.Range(1, 8).Select(step => $"output.step-{step}")];

    private static readonly Refusal NotCounted = new(RefusalCode.OutputBlocked)
    {
        Detail = "Answers of this route cannot be counted against the model's information budget.",
    };

    /// <summary>Whether answers to this caller are counted: where the model has a budget and none of the caller's roles sees everything.</summary>
    public static bool Counts(RequestState state, ModelManifest manifest) =>
        manifest.Output.Extraction is not null && !IsExact(state, manifest.Output);

    /// <summary>Whether the caller has a role that sees everything. Most models name none, and then nobody's roles need spelling out.</summary>
    public static bool IsExact(RequestState state, OutputPolicy policy) =>
        !policy.ExactFor.IsEmpty && OutputRules.IsExactFor(policy, [.. RoleNames.Format(state.Principal!.Roles)]);

    /// <summary>Refuses a caller whose budget has run out, before the model runs for nothing.</summary>
    public static Refusal? CheckSpent(ExtractionGuard guard, RequestState state, ModelManifest manifest) =>
        Counts(state, manifest) ? guard.CheckSpent(state.Principal!.Id, manifest) : null;

    /// <summary>Charges, and notes on the request what is taken from its answers.</summary>
    public static Reduction Take(ExtractionGuard guard, RequestState state, ModelManifest manifest)
    {
        var (principal, version) = (state.Principal!, manifest.Version);
        var reduction = state.Protocol switch
        {
            ClassifyProtocol classify => guard.Charge(
                principal, manifest, version, new ClassifiedTexts(classify.Texts, classify.Results, manifest.Activation is Activation.Sigmoid)),
            EmbeddingsProtocol embed => guard.Charge(principal, manifest, version, new EmbeddedTexts(embed.Texts, embed.Results)),
            RerankProtocol rerank => guard.Charge(principal, manifest, version, new RankedTexts(rerank.Texts, rerank.Results)),
            TensorProtocol tensors => guard.Charge(principal, manifest, version, new TensorAnswers(tensors.Inputs, tensors.Outputs, manifest.Labels.Length)),
            _ => new Reduction(-1, manifest.Output, NotCounted),
        };
        if (reduction.Step >= 0)
        {
            state.Verdicts = state.Verdicts.Add(new AuditVerdict(Steps[reduction.Step], 1));
            if (reduction.Refusal is null)
            {
                state.Http.Response.Headers[OutputGuardMiddleware.ReducedHeader] = "true";
            }
        }

        return reduction;
    }
}
