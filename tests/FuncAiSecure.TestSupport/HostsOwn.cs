using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.TestSupport;

/// <summary>
/// What serves requests under the official host: registered before anything of the app, and so stopped after all of it. Requests end
/// meanwhile.
/// </summary>
/// <param name="whileStopping">What these requests do.</param>
public sealed class HostsOwn(Func<Task> whileStopping) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => whileStopping();
}
