using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Core;

/// <summary>
/// Background work that requests need to their end. Services stop in the reverse order of their registration, and the official worker's,
/// which serve the requests, are registered before the app's: this one goes on while they stop, and ends when everything else has stopped.
/// </summary>
public abstract class OutlastingService : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing yet: what serves requests may stop after this.</summary>
    public sealed override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the work. What overrides it hands over what the last requests left.</summary>
    public virtual Task StoppedAsync(CancellationToken cancellationToken) => base.StopAsync(cancellationToken);
}
