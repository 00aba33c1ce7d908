using System.Reflection;
using FuncAiSecure.LocalHost.Discovery;
using FuncAiSecure.LocalHost.Http;
using FuncAiSecure.LocalHost.Routing;
using FuncAiSecure.LocalHost.Settings;
using FuncAiSecure.LocalHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.LocalHost;

/// <summary>
/// An Azure Functions host in process: runs the functions of assemblies on Kestrel in the official order of things, for
/// local runs, tests and benchmarks. Several can live in one process.
/// </summary>
/// <remarks>
/// Not carried over from the official host: function keys (functions must be Anonymous), /admin, hsts and customHeaders
/// of host.json, function time-out, storage of timers, <c>GetInvocationResult</c>.
/// </remarks>
public sealed class LocalFunctionsHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestThrottle _throttle;
    private readonly RouteTable _routes;
    private readonly TimerLoop _timers;
    private readonly IReadOnlyList<LocalFunction> _functions;

    internal LocalFunctionsHost(
        WebApplication app, RequestThrottle throttle, RouteTable routes, TimerLoop timers, IReadOnlyList<LocalFunction> functions)
    {
        _app = app;
        _throttle = throttle;
        _routes = routes;
        _timers = timers;
        _functions = functions;
    }

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where the host listens, as <c>http://127.0.0.1:PORT</c>; known after the start.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public Uri BaseAddress => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.SingleOrDefault() is { } address
        ? new Uri(address)
        : throw new InvalidOperationException("The host has not started.");

    /// <summary>Function names and route templates, in the order in which they are tried.</summary>
    public IEnumerable<(string Name, string Template)> Routes => _routes.Routes;

    /// <summary>Requests that run or wait.</summary>
    public int OutstandingRequests => _throttle.Outstanding;

    /// <summary>Composes a host; nothing listens yet.</summary>
    /// <param name="options">Where to listen, and with which settings.</param>
    /// <param name="configure">The app's composition: the same method that its Program.cs gives to the official builder.</param>
    /// <param name="functions">Assemblies with public methods that carry the function attribute.</param>
    /// <exception cref="LocalHostException">A function, route, schedule or host.json that cannot be served.</exception>
    public static LocalFunctionsHost Create(
        LocalHostOptions options,
        Action<IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder> configure,
        params IEnumerable<Assembly> functions)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(functions);
        var classes = functions.Distinct().SelectMany(assembly => assembly.GetTypes());
        return LocalHostComposition.Build(options, HostJson.Load(options.ScriptRoot), configure, classes);
    }

    /// <summary>Starts the app's services, the timers and the listener, in this order.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => _app.StartAsync(cancellation);

    /// <summary>Runs until a signal (see <see cref="LocalHostOptions.StopsOnSignals"/>) or a stop from within, then drains.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Refuses new requests, waits for running ones up to <see cref="LocalHostOptions.DrainTimeout"/>, then stops.</summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _app.StopAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time to drain is over. A service that was still handing things back keeps them: journals, leases.
        }
    }

    /// <summary>Runs a timer function now, through all stages; false if it failed (the reason is in the log).</summary>
    /// <exception cref="ArgumentException">There is no such timer function.</exception>
    public Task<bool> RunTimerAsync(string name, CancellationToken cancellation = default)
    {
        var function = _functions.OfType<TimerFunction>().FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no timer function \"{name}\".", nameof(name));
        return _timers.RunNowAsync(function, cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _throttle.Dispose();
        _timers.Dispose();
    }
}
