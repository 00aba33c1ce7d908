using System.Globalization;

namespace FuncAiSecure.Core.Inference.Native;

/// <summary>
/// How many model runs the processor can carry at once: one a core, where a container's quota counts before the host's cores.
/// A fraction is rounded down (a quota of 1.5 cores carries one run at full speed), but never below one.
/// </summary>
internal static class CpuBudget
{
    /// <summary>Runs at once on this machine.</summary>
    public static int Cores { get; } = Calculate("/", Environment.ProcessorCount);

    /// <summary>The same, with the file system's root and the visible processors given.</summary>
    public static int Calculate(string root, int processors)
    {
        var quota = Quota(root);
        return quota is null ? Math.Max(1, processors) : Math.Clamp((int)quota.Value, 1, Math.Max(1, processors));
    }

    private static double? Quota(string root)
    {
        double? least = null;
        foreach (var group in Groups(root))
        {
            var cores = Unified(group) ?? Legacy(group);
            least = cores is null ? least : Math.Min(cores.Value, least ?? double.MaxValue);
        }

        return least;
    }

    // The process's own group and every group above it: the tightest limit counts.
    private static IEnumerable<string> Groups(string root)
    {
        var mount = Path.Combine(root, "sys/fs/cgroup");
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || !(parts[1].Length == 0 || parts[1].Split(',').Contains("cpu")))
            {
                continue;
            }

            var top = parts[1].Length == 0 ? mount : Path.Combine(mount, "cpu");
            for (var path = parts[2].Trim('/'); path.Length > 0; path = Path.GetDirectoryName(path) ?? "")
            {
                yield return Path.Combine(top, path);
            }
        }

        yield return mount;
        yield return Path.Combine(mount, "cpu");
    }

    private static double? Unified(string group) =>
        Lines(Path.Combine(group, "cpu.max")) is [var line, ..] && line.Split(' ') is [var quota, var period] ? Ratio(quota, period) : null;

    private static double? Legacy(string group) =>
        Lines(Path.Combine(group, "cpu.cfs_quota_us")) is [var quota, ..] && Lines(Path.Combine(group, "cpu.cfs_period_us")) is [var period, ..]
            ? Ratio(quota, period)
            : null;

    // "max" (unified) and "-1" (legacy) mean no limit.
    private static double? Ratio(string quota, string period) =>
        long.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out var used)
        && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var of) && of > 0
            ? (double)used / of
            : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
