using System.Collections.Immutable;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards.Pii;

/// <summary>Finds personal data in one text and carries out a policy's actions on it.</summary>
internal static class PiiGuard
{
    private static readonly ImmutableArray<string> RuleIds =
        [.. PiiKinds.All.Select(kind => "pii." + PiiKinds.NameOf(kind).ToLowerInvariant().Replace('_', '-'))];

    [ThreadStatic]
    private static PiiSink? _sink;

    /// <summary>The verdict on a text. A find whose action needs a key that is not there makes it <see cref="GuardAction.Unavailable"/>.</summary>
    public static GuardVerdict Inspect(PiiPolicy policy, string text, GuardKeys? keys)
    {
        PiiActions actions = PiiActions.Of(policy);
        List<PiiSpan> spans = [];
        PiiText.Find(text, _sink ??= new PiiSink(), spans, actions.WantsNames, actions);
        if (spans.Count > 0 && keys is not null && PiiTokens.MayStandIn(text))
        {
            // What a token hides is hidden already; what only looks like a token is read, and so is what goes on around one.
            List<(int Start, int End, string)> tokens = [.. PiiTokens.In(keys, text)];
            _ = spans.RemoveAll(span => tokens.Exists(token => span.Start >= token.Start && span.End <= token.End));
        }

        if (spans.Count == 0)
        {
            return GuardVerdict.Clean;
        }

        GuardAction action = GuardAction.Flag;
        foreach (PiiSpan span in spans)
        {
            GuardAction one = actions[span.Kind] switch
            {
                PiiAction.Block => GuardAction.Block,
                PiiAction.Pseudonymise or PiiAction.Tokenize when keys is null => GuardAction.Unavailable,
                PiiAction.Detect => GuardAction.Flag,
                _ => GuardAction.Rewrite,
            };
            action = one > action ? one : action;
        }

        return new GuardVerdict
        {
            Action = action,
            Rules = [.. spans.Select(span => RuleIds[(int)span.Kind]).Distinct().Concat(action is GuardAction.Unavailable ? [InputGuard.KeyMissing] : [])],
            Pii = [.. spans],
            Rewritten = action is GuardAction.Rewrite ? PiiRewriter.Rewrite(text, spans, actions, keys) : null,
        };
    }
}
