using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Inference;
using FuncAiSecure.Core.Inference.Protocol;

namespace FuncAiSecure.Benchmarks.Inference;

/// <summary>Callers that each wait for their answer before they ask again.</summary>
internal static class ClosedLoop
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    /// <summary>Runs so many callers for so long; latencies in milliseconds, sorted.</summary>
    public static async Task<LoopResult> RunAsync(OnnxModel model, PrincipalId principal, int callers, TimeSpan length, Func<int, int> lengthOf)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Clock.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(model, principal, caller, start, length, lengthOf))));
        var elapsed = Clock.GetElapsedTime(start);
        double[] latencies = [.. results.SelectMany(result => result.Latencies).Order()];
        return new LoopResult(latencies, results.Sum(result => result.Refused), elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    private static async Task<(List<double> Latencies, int Refused)> CallAsync(
        OnnxModel model, PrincipalId principal, int caller, long start, TimeSpan length, Func<int, int> lengthOf)
    {
        var latencies = new List<double>();
        var refused = 0;
        var requests = new Dictionary<int, InferRequest>();
        for (var count = caller; Clock.GetElapsedTime(start) < length; count++)
        {
            var tokens = lengthOf(count);
            var request = requests.TryGetValue(tokens, out var known) ? known : requests[tokens] = BenchModel.Request(tokens);
            var begin = Clock.GetTimestamp();
            using var outcome = await InferenceEngine.InferAsync(model, request, principal, CancellationToken.None);
            if (outcome.Refusal is null)
            {
                latencies.Add(Clock.GetElapsedTime(begin).TotalMilliseconds);
            }
            else
            {
                refused++;
                await Task.Delay(TimeSpan.FromMilliseconds(5), Clock);
            }
        }

        return (latencies, refused);
    }
}

/// <summary>What a loop found.</summary>
internal sealed record LoopResult(double[] Latencies, int Refused, TimeSpan Elapsed, TimeSpan Cpu)
{
    public double PerSecond => Latencies.Length / Elapsed.TotalSeconds;

    public double CpuMillis => Cpu.TotalMilliseconds / Math.Max(1, Latencies.Length);

    public double At(double share) => Latencies.Length == 0 ? 0 : Latencies[(int)(share * (Latencies.Length - 1))];
}
