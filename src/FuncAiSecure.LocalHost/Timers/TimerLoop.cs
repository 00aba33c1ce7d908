using FuncAiSecure.LocalHost.Discovery;
using FuncAiSecure.LocalHost.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.LocalHost.Timers;

/// <summary>
/// Runs the timer functions, each by its own schedule in UTC, one run at a time, through the same stages as requests. A
/// single host needs no storage for this; last and next run are kept in memory.
/// </summary>
internal sealed partial class TimerLoop(
    IReadOnlyList<TimerFunction> functions,
    FunctionExecutionDelegate pipeline,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<TimerLoop> logger) : BackgroundService
{
    /// <summary>Longest single wait: a changed system clock is noticed within it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Past this delay a run counts as late.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromSeconds(1);

    /// <summary>Runs a timer function now, as the host's admin interface would.</summary>
    /// <returns>False if it failed; the reason is in the log.</returns>
    public Task<bool> RunNowAsync(TimerFunction function, CancellationToken cancellation) =>
        RunAsync(function, new TimerInfo(), cancellation);

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(functions.Select(function => LoopAsync(function, stoppingToken)));

    private async Task LoopAsync(TimerFunction function, CancellationToken stopping)
    {
        await Task.Yield();
        var last = time.GetUtcNow();
        try
        {
            if (function.RunOnStartup)
            {
                await RunAsync(function, new TimerInfo(), stopping);
            }

            DateTimeOffset? previous = null;
            while (function.Schedule.Next(Later(last, time.GetUtcNow())) is { } next)
            {
                await WaitUntilAsync(next, stopping);
                await RunAsync(function, Describe(function, previous, next), stopping);
                (previous, last) = (next, next);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private TimerInfo Describe(TimerFunction function, DateTimeOffset? previous, DateTimeOffset due)
    {
        var status = function.UseMonitor
            ? new ScheduleStatus
            {
                Last = previous?.UtcDateTime ?? default,
                Next = function.Schedule.Next(due)?.UtcDateTime ?? default,
                LastUpdated = previous?.UtcDateTime ?? default,
            }
            : null;
        return new TimerInfo { ScheduleStatus = status, IsPastDue = time.GetUtcNow() - due > Punctual };
    }

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken stopping)
    {
        for (var left = due - time.GetUtcNow(); left > TimeSpan.Zero; left = due - time.GetUtcNow())
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, time, stopping);
        }
    }

    private async Task<bool> RunAsync(TimerFunction function, TimerInfo timer, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(function, InvocationIds.Next(), timer, scope.ServiceProvider, cancellation);
        try
        {
            await pipeline(context);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // A failed run must not end the schedule.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RunFailed(logger, function.Name, e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(8003, LogLevel.Error, "An exception was thrown by a timed run of {Function}")]
        public static partial void RunFailed(ILogger logger, string function, Exception exception);
    }
}
