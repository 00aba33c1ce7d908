namespace FuncAiSecure.GuardTraining;

/// <summary>Ranking figures of scores.</summary>
internal static class Metrics
{
    /// <summary>Area under the receiver operating curve; ties count half.</summary>
    public static double Auc(IReadOnlyList<double> attacks, IReadOnlyList<double> harmless)
    {
        double[] sorted = [.. harmless.Order()];
        double sum = 0;
        foreach (double score in attacks)
        {
            int below = LowerBound(sorted, score), upTo = below;
            while (upTo < sorted.Length && sorted[upTo] == score)
            {
                upTo++;
            }

            sum += below + ((upTo - below) / 2.0);
        }

        return attacks.Count * harmless.Count == 0 ? double.NaN : sum / ((double)attacks.Count * harmless.Count);
    }

    /// <summary>The score that a share of harmless texts lies above.</summary>
    public static double Threshold(IReadOnlyList<double> harmless, double rate)
    {
        double[] sorted = [.. harmless.OrderDescending()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(rate * sorted.Length))];
    }

    /// <summary>The same where each source weighs as much as any other, so that the many easy ones do not hide a hard one.</summary>
    public static double Threshold(IReadOnlyList<(string Source, double Score)> harmless, double rate)
    {
        Dictionary<string, int> sizes = harmless.GroupBy(h => h.Source).ToDictionary(g => g.Key, g => g.Count());
        (double Score, double Share)[] falling = [.. harmless.Select(h => (h.Score, 1.0 / sizes[h.Source] / sizes.Count)).OrderByDescending(h => h.Score)];
        double sum = 0;
        int at = 0;
        while (at < falling.Length - 1 && sum + falling[at].Share <= rate)
        {
            sum += falling[at++].Share;
        }

        return falling[at].Score;
    }

    public static double Above(IReadOnlyList<double> scores, double threshold) =>
        scores.Count == 0 ? double.NaN : (double)scores.Count(s => s > threshold) / scores.Count;

    private static int LowerBound(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
