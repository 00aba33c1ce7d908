using FuncAiSecure.Core;
using FuncAiSecure.Core.Audit;
using FuncAiSecure.Core.Guards;
using FuncAiSecure.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Middleware;

/// <summary>Carries out a guard's verdicts on the texts of a request or of its answer. Rule ids are all that it says of them.</summary>
internal static partial class TextVerdicts
{
    /// <summary>The response header that names the rules that a text broke and passed all the same.</summary>
    public const string FlagsHeader = "x-guard-flags";

    /// <summary>Judges every text, notes the verdicts for the audit trail, rewrites and flags as they say, and stops at the first that refuses.</summary>
    /// <param name="state">The request.</param>
    /// <param name="logger">The stage's log.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="inspect">The guard.</param>
    /// <param name="replace">Puts a rewritten text in a place.</param>
    /// <param name="refuse">The refusal of a text by its place and rules.</param>
    public static Refusal? Carry(
        RequestState state,
        ILogger logger,
        IReadOnlyList<string> texts,
        Func<string, GuardVerdict> inspect,
        Action<int, string> replace,
        Func<int, string, Refusal> refuse)
    {
        List<string> flags = [];
        for (var i = 0; i < texts.Count; i++)
        {
            state.Cancellation.ThrowIfCancellationRequested();
            var verdict = inspect(texts[i]);
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
                    return refuse(i, rules);
                case GuardAction.Unavailable:
                    return new Refusal(RefusalCode.DependencyUnavailable) { RetryAfter = TimeSpan.FromSeconds(30) };
                case GuardAction.Rewrite:
                    replace(i, verdict.Rewritten!);
                    break;
                default:
                    break;
            }

            flags.AddRange(verdict.Rules);
        }

        Tell(state, flags);
        return null;
    }

    private static void Tell(RequestState state, List<string> flags)
    {
        if (flags.Count > 0)
        {
            var headers = state.Http.Response.Headers;
            headers[FlagsHeader] = string.Join(", ", headers.GetCommaSeparatedValues(FlagsHeader).Concat(flags).Distinct());
        }
    }

    // Only injection is a matter of degree.
    private static double ScoreOf(string rule, GuardVerdict verdict) =>
        rule.StartsWith("injection.", StringComparison.Ordinal) ? verdict.Score ?? 1 : 1;

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Information, "Request {RequestId}: text guard {Action} by {Rules}")]
        public static partial void Verdict(ILogger logger, string requestId, GuardAction action, string rules);
    }
}
