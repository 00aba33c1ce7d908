using System.Collections.Immutable;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Core.Guards.Extraction;
using FuncAiSecure.Http;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>
/// Injection and personal data, as the model's manifest says. Stands after the schema: texts are bounded by then. Neither its log
/// nor its refusals hold any of the caller's text: rule ids are all they say.
/// </summary>
internal sealed partial class InputGuardMiddleware(InputGuard guard, ExtractionGuard extraction, ILogger<InputGuardMiddleware> logger)
    : Stage(Stages.InputGuard)
{
    /// <summary>The response header that names the rules that a text broke and passed all the same.</summary>
    internal const string FlagsHeader = "x-guard-flags";

    /// <inheritdoc />
    protected override ValueTask<Refusal?> CheckAsync(RequestState state)
    {
        if (state.Protocol is not { } protocol || state.Loaded is not { } model)
        {
            return default;
        }

        // What the output guard would refuse need not run.
        if (OutputCharge.CheckSpent(extraction, state, model.Manifest) is { } refusal)
        {
            return new(refusal);
        }

        return protocol.Texts.Count > 0 && (model.Manifest.Guards.Injection is not null || model.Manifest.Guards.InputPii is not null)
            ? new(Judge(state, protocol, model.Manifest.Guards))
            : default;
    }

    private Refusal? Judge(RequestState state, Protocols.InferenceProtocol protocol, Core.Models.GuardPolicy policy)
    {
        ImmutableArray<string> flags = [];
        for (var i = 0; i < protocol.Texts.Count; i++)
        {
            state.Cancellation.ThrowIfCancellationRequested();
            var verdict = guard.Inspect(policy, protocol.Texts[i]);
            if (!verdict.Flagged)
            {
                continue;
            }

            state.Verdicts = state.Verdicts.AddRange(verdict.Rules.Select(rule => new AuditVerdict(rule, ScoreOf(rule, verdict))));
            var rules = string.Join(',', verdict.Rules);
            Log.Verdict(logger, state.RequestId, verdict.Action, rules);
            switch (verdict.Action)
            {
                case GuardAction.Block:
                    return new Refusal(RefusalCode.InputBlocked)
                    {
                        Detail = "A guard of this model refused the input.",
                        Parameter = "input",
                        Errors = [new InputError(protocol.PointerOf(i), "Broken rules: " + rules + ".")],
                    };
                case GuardAction.Unavailable:
                    return new Refusal(RefusalCode.DependencyUnavailable) { RetryAfter = TimeSpan.FromSeconds(30) };
                case GuardAction.Rewrite:
                    protocol.Replace(i, verdict.Rewritten!);
                    break;
                default:
                    break;
            }

            flags = flags.AddRange(verdict.Rules);
        }

        if (!flags.IsEmpty)
        {
            state.Http.Response.Headers[FlagsHeader] = string.Join(", ", flags.Distinct());
        }

        return null;
    }

    // Only injection is a matter of degree.
    private static double ScoreOf(string rule, GuardVerdict verdict) =>
        rule.StartsWith("injection.", StringComparison.Ordinal) ? verdict.Score ?? 1 : 1;

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Information, "Request {RequestId}: input guard {Action} by {Rules}")]
        public static partial void Verdict(ILogger logger, string requestId, GuardAction action, string rules);
    }
}
