using FuncAiSecure.Core.Inference.Scheduling;

namespace FuncAiSecure.Core.Inference.Tasks;

/// <summary>Splits a request's texts into runs of like length, by the same rule by which requests share runs.</summary>
internal static class TextGroups
{
    /// <summary>Groups of places in <paramref name="lengths"/>, shortest texts first.</summary>
    /// <param name="lengths">Tokens of each text.</param>
    /// <param name="maxRows">The most texts of a group.</param>
    /// <param name="mayPad">Whether shorter texts may be padded; else a group is of one length.</param>
    public static List<int[]> Plan(IReadOnlyList<int> lengths, int maxRows, bool mayPad = true)
    {
        var order = Enumerable.Range(0, lengths.Count).OrderBy(index => lengths[index]).ToArray();
        var groups = new List<int[]>();
        for (var start = 0; start < order.Length;)
        {
            long real = 0;
            var end = start;
            while (end < order.Length && Fits(lengths[order[end]], end - start + 1, real, maxRows, mayPad ? BatchPlan.MaxWaste : 1))
            {
                real += lengths[order[end++]];
            }

            groups.Add(order[start..end]);
            start = end;
        }

        return groups;
    }

    // A text alone always fits.
    private static bool Fits(int length, int rows, long real, int maxRows, double maxWaste)
    {
        var padded = (long)rows * length;
        return rows == 1 || (rows <= maxRows && padded <= BatchPlan.MaxTokens && padded <= (real + length) * maxWaste);
    }
}
