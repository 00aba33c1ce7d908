using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Hosting;

/// <summary>
/// Asks every readiness check again and again in the background, so that the anonymous readiness route costs nothing and
/// cannot be used to hammer a dependency.
/// </summary>
internal sealed partial class ReadinessMonitor(Readiness readiness, TimeProvider time, ILogger<ReadinessMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan WhileFailing = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileReady = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);

    // What was said last of each check that does not answer: it is asked twice a second, and an operator told once.
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? said = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var failing = await FindFailingAsync(stoppingToken).ConfigureAwait(false);
            readiness.Set(failing);
            var isReady = failing.Count == 0;
            var names = isReady ? "none" : string.Join(", ", failing);

            // The first time too: of an instance that never gets ready, the log is often all that an operator sees.
            if (names != said)
            {
                LogChange(logger, isReady ? "ready" : "not ready", names);
                said = names;
            }

            await Task.Delay(isReady ? WhileReady : WhileFailing, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<string>> FindFailingAsync(CancellationToken stopping)
    {
        var answers = await Task.WhenAll(readiness.Checks.Select(check => AskAsync(check, stopping))).ConfigureAwait(false);
        return [.. readiness.Checks.Where((_, index) => !answers[index]).Select(check => check.Name)];
    }

    private async Task<bool> AskAsync(IReadinessCheck check, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            var isReady = await check.IsReadyAsync(either.Token).ConfigureAwait(false);
            _told.TryRemove(check.Name, out _);
            return isReady;
        }
        catch (Exception e)
        {
            // A check that fails to answer is a check that fails: readiness is the only consumer, and it says no.
            var kind = e.GetType().Name;
            if (!_told.TryGetValue(check.Name, out var told) || told != kind)
            {
                _told[check.Name] = kind;
                LogFailure(logger, check.Name, kind);
            }

            return false;
        }
    }

    [LoggerMessage(8010, LogLevel.Information, "The app is {State}. Failing: {Failing}")]
    private static partial void LogChange(ILogger logger, string state, string failing);

    [LoggerMessage(8011, LogLevel.Warning, "Readiness check {Check} failed with {ExceptionType}")]
    private static partial void LogFailure(ILogger logger, string check, string exceptionType);
}
