using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>Judges every view of a text by the rules and the classifier and keeps the worst.</summary>
internal sealed class InjectionGuard(PromptClassifier? classifier)
{
    /// <summary>The score of a text, 0 to 1, and the rules that it broke, added to <paramref name="findings"/>.</summary>
    public double Judge(ReadOnlySpan<char> text, List<InjectionFinding> findings)
    {
        using TextViews views = TextNormalizer.Create(text);
        using TokenList tokens = new();
        double worst = 0;
        if (views.SmuggledCount >= InjectionRules.SmuggledSigns)
        {
            findings.Add(new InjectionFinding(InjectionRules.SmuggledText, 0, text.Length));
        }

        foreach (TextView view in views.Views)
        {
            ReadOnlySpan<char> chars = views.Chars(view);
            tokens.Read(chars);
            ApplyRules(views, view, chars, tokens.Tokens, findings);
            worst = Math.Max(worst, classifier?.Score(chars, tokens.Tokens) ?? 0);
        }

        return findings.Count > 0 ? Math.Max(worst, PromptClassifier.RuleFloor) : worst;
    }

    private static void ApplyRules(TextViews views, in TextView view, ReadOnlySpan<char> chars, ReadOnlySpan<Token> tokens, List<InjectionFinding> findings)
    {
        int control = InjectionRules.FindControlToken(chars, out int length);
        if (control >= 0)
        {
            Add(views, view, InjectionRules.ControlToken, control, length, findings);
        }

        foreach (InjectionRule rule in InjectionRules.All)
        {
            if (rule.TryMatch(tokens, out int first, out int last))
            {
                int start = tokens[first].Start;
                Add(views, view, rule.Id, start, tokens[last].Start + tokens[last].Length - start, findings);
            }
        }
    }

    private static void Add(TextViews views, in TextView view, string rule, int start, int length, List<InjectionFinding> findings)
    {
        (int from, int to) = views.ToOriginal(view, start, length);
        findings.Add(new InjectionFinding(rule, from, to - from));
    }
}
