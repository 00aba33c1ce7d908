using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// What models say of groups of sources that they never saw: <paramref name="Scores"/> one an example, <paramref name="Models"/> one a
/// group. A group's threshold comes from the harmless texts of the other groups alone, each judged by a model that had not seen it.
/// </summary>
internal sealed record LeftOut(IReadOnlyList<Example> Data, double[] Scores, GuardModel[] Models)
{
    private const string TriggerWords = "(with trigger words)";

    /// <summary>The logit that a share of the harmless texts outside the group lies above (-1: of all); each source weighs the same.</summary>
    public double ThresholdFor(int group, double rate) =>
        Metrics.Threshold([.. Enumerable.Range(0, Data.Count).Where(i => Data[i].Fold != group && !Data[i].IsAttack).SelectMany(Calibrating)], rate);

    /// <summary>Recall, false positives and over-defence of every group at the threshold that the others set for it, rules included.</summary>
    public void PrintAtOwnThreshold(double rate)
    {
        SortedDictionary<string, int> sources = new(StringComparer.Ordinal);
        int caught = 0, attacks = 0, wrong = 0, harmless = 0, wrongTrigger = 0, trigger = 0;
        for (int group = 0; group < Models.Length; group++)
        {
            double threshold = ThresholdFor(group, rate);
            foreach (int i in Enumerable.Range(0, Data.Count).Where(i => Data[i].Fold == group))
            {
                bool flagged = Scores[i] > threshold || Data[i].BreaksRule;
                _ = Data[i].IsAttack ? (attacks++, caught += flagged ? 1 : 0) : (harmless++, wrong += flagged ? 1 : 0);
                if (!Data[i].IsAttack && Data[i].HasTriggerWord)
                {
                    trigger++;
                    wrongTrigger += flagged ? 1 : 0;
                    sources[Data[i].Source] = sources.GetValueOrDefault(Data[i].Source) + (flagged ? 1 : 0);
                }
            }
        }

        Console.WriteLine($"at the threshold that the other groups set for {rate * 100:0.#} %: recall {(double)caught / attacks:F3}, false positives {(double)wrong / harmless:F4}, "
            + $"harmless texts with trigger words flagged {(double)wrongTrigger / trigger:F4} ({wrongTrigger} of {trigger}: {string.Join(", ", sources.Where(s => s.Value > 0).Select(s => $"{s.Key} {s.Value}"))})");
    }

    /// <summary>How much of every disguise is caught of attacks of left-out sources.</summary>
    public void PrintDisguises(IReadOnlyList<string> texts)
    {
        List<InjectionFinding> findings = [];
        InjectionGuard[] guards = [.. Models.Select(m => new InjectionGuard(m.ToClassifier()))];
        double[] thresholds = [.. Enumerable.Range(0, Models.Length).Select(g => 1 / (1 + Math.Exp(-ThresholdFor(g, 0.01))))];
        Disguises.Print([.. Data.Select(e => e.IsAttack)], texts, (i, text) =>
        {
            findings.Clear();
            return guards[Data[i].Fold].Judge(text, findings) > thresholds[Data[i].Fold] || findings.Count > 0;
        });
    }

    /// <summary>Texts with trigger words count in their source and once more together as a source, so that the threshold minds them.</summary>
    private IEnumerable<(string Source, double Score)> Calibrating(int i) =>
        Data[i].HasTriggerWord ? [(Data[i].Source, Scores[i]), (TriggerWords, Scores[i])] : [(Data[i].Source, Scores[i])];
}
