namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>One step of a rule: a word of one of these meanings, at most so many words after the step before.</summary>
internal readonly record struct RuleStep(Concepts AnyOf, int Within);

/// <summary>A rule over meanings.</summary>
/// <param name="Id">Stable id, as verdicts and audit show it.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Steps">Words of these meanings in this order.</param>
internal sealed record InjectionRule(string Id, string Purpose, params RuleStep[] Steps)
{
    /// <summary>The first and last word of the first match; false where there is none. One pass, no backtracking.</summary>
    public bool TryMatch(ReadOnlySpan<Token> tokens, out int first, out int last)
    {
        Span<int> at = stackalloc int[Steps.Length];
        Span<int> from = stackalloc int[Steps.Length];
        at.Fill(int.MinValue / 2);
        for (int i = 0; i < tokens.Length; i++)
        {
            Concepts meant = tokens[i].Concepts;
            for (int step = Steps.Length - 1; meant != Concepts.None && step >= 0; step--)
            {
                bool follows = step == 0 || (at[step - 1] < i && i - at[step - 1] <= Steps[step].Within);
                if (!follows || (meant & Steps[step].AnyOf) == 0)
                {
                    continue;
                }

                at[step] = i;
                from[step] = step == 0 ? i : from[step - 1];
                if (step == Steps.Length - 1)
                {
                    (first, last) = (from[step], i);
                    return true;
                }
            }
        }

        first = last = -1;
        return false;
    }
}
