using System.Collections.Immutable;
using FuncAiSecure.Core.Guards.Pii;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Core.Guards;

/// <summary>Judges texts for /v1/moderations: categories and scores as that protocol shows them.</summary>
public sealed class Moderation
{
    /// <summary>The share of harmless texts that a moderation may flag.</summary>
    private const double FalsePositiveRate = 0.01;

    // Keys count for more, so that no URL hides the signature in it.
    private static readonly PiiPolicy Detect = new()
    {
        Default = PiiAction.Detect,
        Kinds = ImmutableDictionary<string, PiiAction>.Empty.Add(PiiKinds.NameOf(PiiKind.ApiKey), PiiAction.Mask),
    };

    private readonly InputGuard _guard;

    internal Moderation(InputGuard guard) => _guard = guard;

    /// <summary>Names of all categories, in the order of the answer.</summary>
    public static ImmutableArray<string> Categories { get; } = ["prompt_injection", "jailbreak", "pii", "secrets"];

    /// <summary>The result for one text: flags and scores in the order of <see cref="Categories"/>.</summary>
    public ModerationResult Judge(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (double score, ImmutableArray<string> rules, bool attack) = _guard.ScoreInjection(text, FalsePositiveRate);
        GuardVerdict pii = PiiGuard.Inspect(Detect, text, null);
        bool secret = pii.Pii.Any(span => span.Kind is PiiKind.ApiKey or PiiKind.PrivateKey or PiiKind.UrlCredentials);
        bool personal = pii.Pii.Any(span => span.Kind is not (PiiKind.ApiKey or PiiKind.PrivateKey or PiiKind.UrlCredentials or PiiKind.Url));

        // One classifier stands behind both: a persona without limits is a jailbreak, the rest an injection.
        bool jailbreak = attack && rules.Any(rule => rule.Contains("persona", StringComparison.Ordinal) || rule.Contains("limits", StringComparison.Ordinal));
        bool injection = attack && (!jailbreak || rules.Length > 1);
        return new ModerationResult(
            attack || personal || secret,
            [injection, jailbreak, personal, secret],
            [injection || !jailbreak ? score : score / 2, jailbreak || !injection ? score : score / 2, personal ? 1 : 0, secret ? 1 : 0]);
    }
}

/// <summary>One moderation result.</summary>
/// <param name="Flagged">Whether any category is.</param>
/// <param name="Flags">By category.</param>
/// <param name="Scores">By category, 0 to 1.</param>
public sealed record ModerationResult(bool Flagged, ImmutableArray<bool> Flags, ImmutableArray<double> Scores);
