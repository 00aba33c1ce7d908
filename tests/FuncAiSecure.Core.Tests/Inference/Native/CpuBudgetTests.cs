using FuncAiSecure.Core.Inference.Native;

namespace FuncAiSecure.Core.Tests.Inference.Native;

public sealed class CpuBudgetTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cpu-budget").FullName;

    public static TheoryData<string, (string Path, string Text)[], int, int> Machines => new()
    {
        { "no groups at all", [], 4, 4 },
        { "no limit", [("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/cpu.max", "max 100000\n")], 4, 4 },
        { "a quota of two cores", [("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/cpu.max", "200000 100000\n")], 4, 2 },
        { "one and a half cores carry one run", [("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/cpu.max", "150000 100000\n")], 2, 1 },
        { "half a core still carries one run", [("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/cpu.max", "50000 100000\n")], 1, 1 },
        { "a quota above the cores", [("proc/self/cgroup", "0::/\n"), ("sys/fs/cgroup/cpu.max", "800000 100000\n")], 2, 2 },
        { "the tightest group above counts", [("proc/self/cgroup", "0::/a/b\n"), ("sys/fs/cgroup/a/cpu.max", "100000 100000\n"), ("sys/fs/cgroup/a/b/cpu.max", "max 100000\n")], 4, 1 },
        { "the older layout", [("proc/self/cgroup", "4:cpu,cpuacct:/x\n"), ("sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "300000\n"), ("sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n")], 8, 3 },
        { "the older layout without limit", [("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"), ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")], 8, 8 },
        { "nonsense is no limit", [("sys/fs/cgroup/cpu.max", "a b c\n")], 3, 3 },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Runs_at_once_follow_the_quota(string what, (string Path, string Text)[] files, int processors, int runs)
    {
        what.ShouldNotBeNull();
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
            File.WriteAllText(Path.Combine(_root, path), text);
        }

        CpuBudget.Calculate(_root, processors).ShouldBe(runs);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
