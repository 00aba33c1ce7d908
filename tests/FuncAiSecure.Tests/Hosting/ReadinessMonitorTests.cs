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

    [Fact]
    public async Task Instance_that_is_not_ready_from_its_start_says_once_what_fails_and_again_when_that_changes()
    {
        var time = new ManualTimeProvider();
        var log = new LogText<ReadinessMonitor>();
        var (models, vault) = (new Answering("models", false, false, false, true), new Answering("vault", false, false, true));
        using var monitor = new ReadinessMonitor(new Readiness([models, vault]), time, log);

        await monitor.StartAsync(CancellationToken.None);
        await Wait.UntilAsync("the app is asked after it was ready", () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return models.IsAsked(5);
        });
        await monitor.StopAsync(CancellationToken.None);

        log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["8010 The app is not ready. Failing: models, vault", "8010 The app is not ready. Failing: models", "8010 The app is ready. Failing: none"]);
    }

    private sealed class Answering(string name, params bool[] script) : IReadinessCheck
    {
        private int _asked;

        public string Name => name;

        public bool IsAsked(int times) => Volatile.Read(ref _asked) >= times;

        public ValueTask<bool> IsReadyAsync(CancellationToken cancellation) => new(script[Math.Min(Interlocked.Increment(ref _asked), script.Length) - 1]);
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
