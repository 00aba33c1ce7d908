using System.Diagnostics;
using System.Text.Json;
using FuncAiSecure.Core.Guards.Injection;

namespace FuncAiSecure.GuardTraining;

/// <summary>Judges a file of {text, label} by the guard as it is served and prints the figures of docs/guards.md.</summary>
internal static class InjectionEvaluation
{
    private const double ShippedRate = 0.01;

    public static void Run(IReadOnlyList<JsonElement> rows, string folder, bool disguises)
    {
        PromptClassifier classifier = PromptModel.Read(File.ReadAllBytes(Path.Combine(folder, "model.onnx")), File.ReadAllBytes(Path.Combine(folder, "calibration.json")));
        InjectionGuard guard = new(classifier);
        double threshold = classifier.ThresholdFor(ShippedRate);
        List<(bool Attack, double Score, bool Flagged, string Source)> judged = [];
        List<InjectionFinding> findings = [];
        foreach (JsonElement row in rows)
        {
            findings.Clear();
            double score = guard.Judge(row.GetProperty("text").GetString()!, findings);
            string source = row.TryGetProperty("source", out JsonElement s) ? s.GetString()! : "all";
            judged.Add((Corpus.IsAttack(row.GetProperty("label")), score, findings.Count > 0 || score >= threshold, source));
        }

        List<double> attacks = [.. judged.Where(j => j.Attack).Select(j => j.Score)], harmless = [.. judged.Where(j => !j.Attack).Select(j => j.Score)];
        Console.WriteLine($"{attacks.Count} attacks, {harmless.Count} harmless texts");
        Console.WriteLine($"ROC-AUC {Metrics.Auc(attacks, harmless):F3}");
        foreach (double rate in (double[])[0.001, 0.005, 0.01, 0.02])
        {
            Console.WriteLine($"true positives at {rate * 100:0.0} % false positives: {Metrics.Above(attacks, Metrics.Threshold(harmless, rate)):F3}");
        }

        int tp = judged.Count(j => j is { Attack: true, Flagged: true }), fp = judged.Count(j => j is { Attack: false, Flagged: true });
        Console.WriteLine($"at the shipped threshold ({threshold:F3}, calibrated to {ShippedRate * 100:0} % of texts of unseen sources), 95 % intervals:");
        Share("  recall", tp, attacks.Count);
        Share("  over-defence (harmless texts flagged)", fp, harmless.Count);
        Share("  precision", tp, tp + fp);
        Console.WriteLine($"  F1 {2.0 * tp / Math.Max(1, attacks.Count + tp + fp):F3}");
        foreach (IGrouping<(string Source, bool Attack), (bool Attack, double Score, bool Flagged, string Source)> group in judged.GroupBy(j => (j.Source, j.Attack)).OrderBy(g => g.Key))
        {
            Share($"  {group.Key.Source} ({(group.Key.Attack ? "attacks" : "harmless")}) flagged", group.Count(j => j.Flagged), group.Count());
        }

        if (disguises)
        {
            Disguises.Print([.. rows.Select(r => Corpus.IsAttack(r.GetProperty("label")))], [.. rows.Select(r => r.GetProperty("text").GetString()!)], (_, text) =>
            {
                findings.Clear();
                return guard.Judge(text, findings) >= threshold || findings.Count > 0;
            });
        }

        Time(guard, [.. rows.Select(r => r.GetProperty("text").GetString()!)]);
    }

    /// <summary>A share with its Wilson score interval.</summary>
    private static void Share(string what, int hits, int all)
    {
        if (all == 0)
        {
            return;
        }

        const double z = 1.96;
        double p = (double)hits / all, scale = 1 + (z * z / all), middle = (p + (z * z / (2 * all))) / scale;
        double half = z * Math.Sqrt((p * (1 - p) / all) + (z * z / (4.0 * all * all))) / scale;
        Console.WriteLine($"{what} {p:F3} ({Math.Max(0, middle - half):F3} to {Math.Min(1, middle + half):F3}), {hits} of {all}");
    }

    private static void Time(InjectionGuard guard, List<string> texts)
    {
        string joined = string.Join(' ', texts.Where(t => t.Length > 40 && t.All(char.IsAscii)).Take(500));
        List<InjectionFinding> findings = [];
        foreach (int length in (int[])[200, 1_000, 8_000])
        {
            if (joined.Length < length * 2)
            {
                continue;
            }

            List<double> micros = [];
            for (int i = 0; i < 2_000; i++)
            {
                string text = joined.Substring(i * 17 % (joined.Length - length), length);
                findings.Clear();
                long from = Stopwatch.GetTimestamp();
                _ = guard.Judge(text, findings);
                micros.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
            }

            micros.Sort();
            Console.WriteLine($"{length} characters: median {micros[micros.Count / 2]:F0} us");
        }
    }
}
