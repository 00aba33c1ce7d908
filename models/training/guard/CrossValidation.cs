namespace FuncAiSecure.GuardTraining;

/// <summary>Leaves whole groups of sources out, one at a time, and prints what the model does on them.</summary>
internal static class CrossValidation
{
    /// <summary>Scores of every example by a model that never saw its group of sources.</summary>
    public static LeftOut Run(IReadOnlyList<Example> data, IReadOnlyList<Example> templates, TrainingSettings settings)
    {
        double[] scores = new double[data.Count];
        GuardModel[] models = new GuardModel[Corpus.FoldCount];
        _ = Parallel.For(0, Corpus.FoldCount, fold =>
        {
            models[fold] = GuardModel.Train([.. data.Where(e => e.Fold != fold), .. templates], settings);
            foreach (int i in Enumerable.Range(0, data.Count).Where(i => data[i].Fold == fold))
            {
                scores[i] = models[fold].Score(data[i]);
            }
        });
        for (int fold = 0; fold < Corpus.FoldCount; fold++)
        {
            List<double> attacks = [.. Of(data, scores, e => e.Fold == fold && e.IsAttack)], harmless = [.. Of(data, scores, e => e.Fold == fold && !e.IsAttack)];
            Console.WriteLine($"fold {fold}: AUC {Metrics.Auc(attacks, harmless):F3}  recall at 1 % {Metrics.Above(attacks, Metrics.Threshold(harmless, 0.01)):F3}");
        }

        List<double> all = [.. Of(data, scores, e => !e.IsAttack)], bad = [.. Of(data, scores, e => e.IsAttack)];
        double threshold = Metrics.Threshold(all, 0.01);
        Console.WriteLine($"pooled: AUC {Metrics.Auc(bad, all):F3}  recall at 0.5 % {Metrics.Above(bad, Metrics.Threshold(all, 0.005)):F3}  1 % {Metrics.Above(bad, threshold):F3}  2 % {Metrics.Above(bad, Metrics.Threshold(all, 0.02)):F3}");
        foreach (IGrouping<(string Source, bool IsAttack), int> group in Enumerable.Range(0, data.Count).GroupBy(i => (Source: data[i].Source.Split(' ')[0] + (data[i].IsAttack ? " " + data[i].Slice : ""), data[i].IsAttack)).OrderBy(g => g.Key))
        {
            List<double> some = [.. group.Select(i => scores[i])];
            if (group.Key.IsAttack) Console.WriteLine($"  ={group.Key.Source,-30} AUC against all harmless {Metrics.Auc(some, all):F3}");
            Console.WriteLine($"  {group.Key.Source,-30} {(group.Key.IsAttack ? "attack  " : "harmless")} {some.Count,5}  flagged {Metrics.Above(some, threshold):F3}");
        }

        if (Environment.GetEnvironmentVariable("GUARD_SHOW") is { Length: > 0 } show)
        {
            foreach (int i in Enumerable.Range(0, data.Count).Where(i => data[i].Source.StartsWith(show, StringComparison.Ordinal) && data[i].IsAttack != scores[i] > threshold))
            {
                Console.WriteLine($"line {i + 1}\t{scores[i] - threshold:F2}");
            }
        }

        LeftOut leftOut = new(data, scores, models);
        leftOut.PrintAtOwnThreshold(0.01);
        return leftOut;
    }

    /// <summary>The figures for the manifest.</summary>
    public static System.Text.Json.Nodes.JsonArray Figures(IReadOnlyList<Example> data, double[] scores)
    {
        List<double> all = [.. Of(data, scores, e => !e.IsAttack)], bad = [.. Of(data, scores, e => e.IsAttack)];
        const string on = "each source judged by a model that did not see its group of sources";
        return
        [
            ModelFolderWriter.Figure("auc", Metrics.Auc(bad, all), on),
            ModelFolderWriter.Figure("recall-at-1-percent-false-positives", Metrics.Above(bad, Metrics.Threshold(all, 0.01)), on),
        ];
    }

    /// <summary>Leaves out the templates of one language at a time (English stays): what a language does that nobody wrote templates for.</summary>
    public static void Languages(IReadOnlyList<Example> data, IReadOnlyList<Example> templates, TrainingSettings settings)
    {
        List<double> attacks = [], harmless = [];
        string[] languages = [.. templates.Select(t => t.Source).Where(s => s != "own-en").Distinct()];
        for (int part = 0; part < 4; part++)
        {
            bool Out(Example e) => Array.IndexOf(languages, e.Source) is >= 0 and int at && at % 4 == part;
            GuardModel model = GuardModel.Train([.. data.Where(e => e.Fold != part), .. templates.Where(t => !Out(t))], settings);
            double threshold = Metrics.Threshold([.. data.Where(e => e.Fold == part && !e.IsAttack).Select(model.Score)], 0.01);
            foreach (string language in languages.Where((_, i) => i % 4 == part))
            {
                double[] bad = Margins(t => t.Source == language && t.IsAttack), good = Margins(t => t.Source == language && !t.IsAttack);
                Console.WriteLine($"  {language}: attacks flagged {Metrics.Above(bad, 0):F3}, harmless flagged {Metrics.Above(good, 0):F3}");
                attacks.AddRange(bad);
                harmless.AddRange(good);
            }

            double english = Metrics.Above(Margins(t => t.Source == "own-en" && !t.IsAttack), 0);
            Console.WriteLine($"languages left out, part {part}: own English harmless flagged {english:F3}");

            double[] Margins(Func<Example, bool> which) => [.. templates.Where(which).Select(t => model.Score(t) - threshold)];
        }

        Console.WriteLine($"languages left out: attacks flagged {Metrics.Above(attacks, 0):F3}, harmless flagged {Metrics.Above(harmless, 0):F3}");
    }

    /// <summary>Leaves out one file of own sentences at a time: what the model does with sentences of another build in languages that it knows.</summary>
    public static void Files(IReadOnlyList<Example> data, IReadOnlyList<Example> templates, TrainingSettings settings)
    {
        string[] files = [.. templates.Select(t => t.Slice).Distinct().Order(StringComparer.Ordinal)];
        foreach (string line in files.AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount).Select(Judge))
        {
            Console.WriteLine(line);
        }

        string Judge(string file)
        {
            GuardModel model = GuardModel.Train([.. data.Where(e => e.Fold != 0), .. templates.Where(t => t.Slice != file)], settings);
            double threshold = Metrics.Threshold([.. data.Where(e => e.Fold == 0 && !e.IsAttack).Select(model.Score)], 0.01);
            double Share(bool attack) => Metrics.Above([.. templates.Where(t => t.Slice == file && t.IsAttack == attack).Select(model.Score)], threshold);
            return $"own file {file} left out: attacks flagged {Share(true):F3}, harmless flagged {Share(false):F3}";
        }
    }

    private static IEnumerable<double> Of(IReadOnlyList<Example> data, double[] scores, Func<Example, bool> which) =>
        Enumerable.Range(0, data.Count).Where(i => which(data[i])).Select(i => scores[i]);
}
