using System.Collections.Immutable;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards;

/// <summary>Judges a caller's text before a model sees it, as the model's manifest says. Safe for concurrent use.</summary>
public sealed class InputGuard
{
    internal const string TooLong = "guard.text-too-long";
    internal const string KeyMissing = "guard.key-unavailable";
    internal const string ClassifierMissing = "guard.classifier-unavailable";
    private readonly PromptClassifierSource _classifier;
    private readonly IGuardKeySource _keys;
    private readonly int _maxCharacters;

    internal InputGuard(IOptions<GuardOptions> options, PromptClassifierSource classifier, IGuardKeySource keys)
    {
        _maxCharacters = options.Value.MaxCharacters;
        _classifier = classifier;
        _keys = keys;
    }

    /// <summary>The verdict on one text. Injection is judged on the text as it came, before anything is rewritten.</summary>
    public GuardVerdict Inspect(GuardPolicy policy, string text)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(text);
        if (policy.Injection is null && policy.InputPii is null)
        {
            return GuardVerdict.Clean;
        }

        if (text.Length > _maxCharacters)
        {
            return new GuardVerdict { Action = GuardAction.Block, Rules = [TooLong] };
        }

        if (policy.Injection is not null && !_classifier.IsReady)
        {
            return new GuardVerdict { Action = GuardAction.Unavailable, Rules = [ClassifierMissing] };
        }

        GuardVerdict injection = policy.Injection is { } wanted ? JudgeInjection(wanted, text) : GuardVerdict.Clean;
        GuardVerdict pii = policy.InputPii is { } kinds ? PiiGuard.Inspect(kinds, text, _keys.Current) : GuardVerdict.Clean;
        return Merge(injection, pii);
    }

    /// <summary>The longest text that is judged, in UTF-16 units.</summary>
    public int MaxCharacters => _maxCharacters;

    /// <summary>Whether injection can be judged: the classifier is loaded, or none is wanted.</summary>
    public bool IsReady => _classifier.IsReady;

    /// <summary>
    /// The injection score of a text, 0 to 1, the rules that it breaks, and whether either makes it an attack at a share of harmless
    /// texts that may be flagged; what /v1/moderations shows. A text over <see cref="MaxCharacters"/> throws: its rest would go unread.
    /// </summary>
    public (double Score, ImmutableArray<string> Rules, bool IsAttack) ScoreInjection(string text, double falsePositiveRate)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, _maxCharacters, nameof(text));
        (double score, List<InjectionFinding> findings, bool byScore) = Judge(text, falsePositiveRate);
        return (score, [.. findings.Select(f => f.Rule).Distinct()], byScore || findings.Count > 0);
    }

    // One classifier gives score and threshold: another version may take its place at any moment.
    private (double Score, List<InjectionFinding> Findings, bool ByScore) Judge(ReadOnlySpan<char> text, double falsePositiveRate)
    {
        PromptClassifier? classifier = _classifier.Current;
        List<InjectionFinding> findings = [];
        double score = new InjectionGuard(classifier).Judge(text, findings);
        return (score, findings, score >= (classifier?.ThresholdFor(falsePositiveRate) ?? PromptClassifier.RuleFloor));
    }

    private GuardVerdict JudgeInjection(InjectionPolicy policy, string text)
    {
        (double score, List<InjectionFinding> findings, bool byScore) = Judge(text, policy.FalsePositiveRate);
        if (!byScore && findings.Count == 0)
        {
            return new GuardVerdict { Score = score };
        }

        IEnumerable<string> rules = findings.Select(f => f.Rule);
        return new GuardVerdict
        {
            Action = policy.Action is InjectionAction.Block ? GuardAction.Block : GuardAction.Flag,
            Score = score,
            Rules = [.. (findings.Count == 0 ? rules.Append(InjectionRules.Classifier) : rules).Distinct()],
            Injection = [.. findings],
        };
    }

    private static GuardVerdict Merge(GuardVerdict injection, GuardVerdict pii)
    {
        GuardAction action = injection.Action > pii.Action ? injection.Action : pii.Action;
        return new GuardVerdict
        {
            Action = action,
            Score = injection.Score,
            Rules = [.. injection.Rules, .. pii.Rules],
            Injection = injection.Injection,
            Pii = pii.Pii,
            Rewritten = action is GuardAction.Rewrite ? pii.Rewritten : null,
        };
    }
}
