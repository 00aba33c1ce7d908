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
        List<AuditVerdict> found = [.. state.Verdicts];
        List<string> told = [];
        var worst = GuardAction.Allow;
        Refusal? refusal = null;
        for (var i = 0; i < texts.Count && refusal is null; i++)
        {
            state.Cancellation.ThrowIfCancellationRequested();
            var verdict = inspect(texts[i]);
            worst = verdict.Action > worst ? verdict.Action : worst;
            foreach (var rule in verdict.Rules)
            {
                Note(found, new AuditVerdict(rule, ScoreOf(rule, verdict)));
                if (!told.Contains(rule))
                {
                    told.Add(rule);
                }
            }

            switch (verdict.Action)
            {
                case GuardAction.Block:
                    refusal = refuse(i, string.Join(',', verdict.Rules));
                    break;
                case GuardAction.Unavailable:
                    refusal = new Refusal(RefusalCode.DependencyUnavailable) { RetryAfter = TimeSpan.FromSeconds(30) };
                    break;
                case GuardAction.Rewrite:
                    replace(i, verdict.Rewritten!);
                    break;
                default:
                    break;
            }
        }

        if (worst is not GuardAction.Allow)
        {
            state.Verdicts = [.. found];
            Log.Verdict(logger, state.RequestId, worst, string.Join(',', told));
            Tell(state, refusal is null ? told : []);
        }

        return refusal;
    }

    // Each rule once, at its worst: a record has room for the rules that there are, not for every text of a request.
    private static void Note(List<AuditVerdict> found, AuditVerdict verdict)
    {
        var at = found.FindIndex(earlier => earlier.Rule == verdict.Rule);
        if (at < 0)
        {
            found.Add(verdict);
        }
        else if (found[at].Score < verdict.Score)
        {
            found[at] = verdict;
        }
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
