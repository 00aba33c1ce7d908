using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards;

/// <summary>Judges a model's text outputs before they leave. Numbers and labels are <see cref="Output.OutputRules"/>' work.</summary>
public sealed class OutputGuard
{
    private readonly IGuardKeySource _keys;

    internal OutputGuard(IGuardKeySource keys) => _keys = keys;

    /// <summary>
    /// The verdict on one output text. Personal data that the model says is treated first; tokens of this deployment are turned
    /// back after that, and only where the policy says so: what the caller itself sent is not redacted on its way back.
    /// </summary>
    public GuardVerdict Inspect(GuardPolicy policy, string text)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(text);
        if (policy.OutputPii is not { } kinds)
        {
            return GuardVerdict.Clean;
        }

        GuardKeys? keys = _keys.Current;
        GuardVerdict verdict = PiiGuard.Inspect(kinds, text, keys);
        if (!kinds.Restore || verdict.Action is GuardAction.Block or GuardAction.Unavailable || !PiiTokens.MayStandIn(verdict.Rewritten ?? text))
        {
            return verdict;
        }

        if (keys is null)
        {
            return new GuardVerdict { Action = GuardAction.Unavailable, Rules = [.. verdict.Rules, InputGuard.KeyMissing], Pii = verdict.Pii };
        }

        string before = verdict.Rewritten ?? text, restored = PiiTokens.Restore(keys, before);
        return ReferenceEquals(restored, before)
            ? verdict
            : new GuardVerdict { Action = GuardAction.Rewrite, Rules = verdict.Rules, Pii = verdict.Pii, Rewritten = restored };
    }
}
