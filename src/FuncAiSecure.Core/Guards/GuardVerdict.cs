using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FuncAiSecure.Core.Guards.Injection;
using FuncAiSecure.Core.Guards.Pii;

namespace FuncAiSecure.Core.Guards;

/// <summary>
/// What the guards found in one text: rule ids, a score, spans into the original. It never shows the text: the rewritten form is
/// reachable only by its property and not part of <see cref="ToString"/>.
/// </summary>
public sealed class GuardVerdict
{
    internal static readonly GuardVerdict Clean = new();

    /// <summary>What is to be done.</summary>
    public GuardAction Action { get; init; }

    /// <summary>Whether anything was found that the policy cares about.</summary>
    public bool Flagged => Action is not GuardAction.Allow;

    /// <summary>How much the text looks like an injection or jailbreak, 0 to 1; null where that was not asked.</summary>
    public double? Score { get; init; }

    /// <summary>Ids of the rules that were broken, each once: <c>injection.override-instructions</c>, <c>pii.email</c>.</summary>
    public ImmutableArray<string> Rules { get; init; } = [];

    /// <summary>Where injection rules matched.</summary>
    public ImmutableArray<InjectionFinding> Injection { get; init; } = [];

    /// <summary>Personal data found, ordered, without overlaps; of kinds that the policy does not ignore.</summary>
    public ImmutableArray<PiiSpan> Pii { get; init; } = [];

    /// <summary>The text to go on with where <see cref="Action"/> is <see cref="GuardAction.Rewrite"/>; else null. A caller's text: never log it.</summary>
    public string? Rewritten { get; init; }

    /// <summary>Action, score and rule ids; never the text.</summary>
    public override string ToString()
    {
        StringBuilder said = new(Action.ToString());
        if (Score is { } score)
        {
            _ = said.Append(CultureInfo.InvariantCulture, $" score={score:F3}");
        }

        return Rules.IsEmpty ? said.ToString() : said.Append(' ').AppendJoin(',', Rules).ToString();
    }
}
