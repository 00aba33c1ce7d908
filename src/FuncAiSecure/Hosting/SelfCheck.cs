using FuncAiSecure.Core;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Hosting;

/// <summary>
/// At start the app sends itself requests that must be refused, through the very stages that serve callers, and stays not
/// ready until each was refused for its own reason. So a control that is missing, misplaced or misconfigured shows before
/// the first caller does. It is asked again while it fails: a vault that is still away makes it inconclusive, not passed.
/// </summary>
internal sealed partial class SelfCheck(IServiceProvider services, Pipeline pipeline, ILogger<SelfCheck> logger) : IReadinessCheck
{
    private readonly List<SelfCheckProbe> _open = [.. SelfCheckProbe.All];
    private (string Probe, RefusalCode? Actual)? _told;

    /// <inheritdoc />
    public string Name => "self-check";

    /// <inheritdoc />
    public async ValueTask<bool> IsReadyAsync(CancellationToken cancellation)
    {
        // A probe that was refused as it must be is not sent again: the checks of guessing would count it.
        while (_open.Count > 0)
        {
            var probe = _open[^1];
            var actual = await SendAsync(probe, cancellation).ConfigureAwait(false);
            if (actual != probe.Expected)
            {
                // Cut off by the check's time or the host's end, a probe was refused for that and tells nothing of a control.
                cancellation.ThrowIfCancellationRequested();
                Tell(probe, actual);
                return false;
            }

            _open.RemoveAt(_open.Count - 1);
        }

        return true;
    }

    // It is asked twice a second while it fails, and an operator told once of each state. What is away proves nothing against a control:
    // an alarm waits for the other event.
    private void Tell(SelfCheckProbe probe, RefusalCode? actual)
    {
        if (_told == (probe.Name, actual))
        {
            return;
        }

        _told = (probe.Name, actual);
        if (actual is RefusalCode.ModelNotReady or RefusalCode.DependencyUnavailable)
        {
            LogTooEarly(logger, probe.Name, actual.Value);
        }
        else
        {
            LogMismatch(logger, probe.Name, probe.Expected, actual?.ToString() ?? "an answer");
        }
    }

    private async Task<RefusalCode?> SendAsync(SelfCheckProbe probe, CancellationToken cancellation)
    {
        using var scope = services.CreateScope();
        var invocation = new SelfCheckInvocation(probe, scope.ServiceProvider, cancellation);
        await Compose(probe)(invocation).ConfigureAwait(false);
        return invocation.Outcome;
    }

    private FunctionExecutionDelegate Compose(SelfCheckProbe probe)
    {
        FunctionExecutionDelegate chain = _ => Task.CompletedTask;
        foreach (var type in pipeline.Stages.Reverse())
        {
            var stage = (IFunctionsWorkerMiddleware)services.GetRequiredService(type);
            var next = chain;
            chain = probe.Skips.Contains(type)
                ? context => GoOnAs(probe.Principal!, context, next)
                : context => stage.Invoke(context, next);
        }

        return chain;
    }

    private static Task GoOnAs(Principal principal, FunctionContext context, FunctionExecutionDelegate next)
    {
        context.Request().Principal = principal;
        return next(context);
    }

    [LoggerMessage(8021, LogLevel.Information, "Self-check {Probe} waits for what it needs: {Actual}")]
    private static partial void LogTooEarly(ILogger logger, string probe, RefusalCode actual);

    [LoggerMessage(8020, LogLevel.Error, "Self-check {Probe}: expected the refusal {Expected}, got {Actual}")]
    private static partial void LogMismatch(ILogger logger, string probe, RefusalCode expected, string actual);
}
