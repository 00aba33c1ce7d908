using FuncAiSecure.Hosting;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests.Hosting;

public sealed class ReadinessMonitorTests
{
    [Fact]
    public async Task A_check_that_cannot_answer_is_told_once_and_again_when_the_reason_changes()
    {
        var time = new ManualTimeProvider();
        var log = new LogText<ReadinessMonitor>();
        var check = new Scripted("IOException", "IOException", "IOException", "TimeoutException", "", "TimeoutException");
        using var monitor = new ReadinessMonitor(new Readiness([check]), time, log);

        await monitor.StartAsync(CancellationToken.None);
        await Wait.UntilAsync("the check is asked a seventh time", () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return check.IsAsked(6);
        });
        await monitor.StopAsync(CancellationToken.None);

        log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith("8011", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[^1])
            .ShouldBe(["IOException", "TimeoutException", "TimeoutException"]);
    }

    private sealed class Scripted(params string[] script) : IReadinessCheck
    {
        private int _asked;

        public string Name => "scripted";

        public bool IsAsked(int times) => Volatile.Read(ref _asked) > times;

        public ValueTask<bool> IsReadyAsync(CancellationToken cancellation) => script[Math.Min(Interlocked.Increment(ref _asked), script.Length) - 1] switch
        {
            "IOException" => throw new IOException(),
            "TimeoutException" => throw new TimeoutException(),
            _ => new(true),
        };
    }
}
