using FuncAiSecure.LocalHost;
using FuncAiSecure.LocalHost.Settings;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Tests.LocalHost;

/// <summary>A host with the functions of some classes on a free loopback port, and a client for it.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    public static readonly HostJson NoPrefix = HostJson.Default with { RoutePrefix = string.Empty };

    private RunningHost(LocalFunctionsHost host)
    {
        Host = host;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.BaseAddress };
    }

    public LocalFunctionsHost Host { get; }

    public HttpClient Client { get; }

    public static async Task<RunningHost> StartAsync(
        Type[] functions,
        Action<IFunctionsWorkerApplicationBuilder>? configure = null,
        HostJson? host = null,
        Dictionary<string, string?>? settings = null,
        TimeSpan? drain = null)
    {
        var running = Create(functions, configure, host, settings, drain);
        await running.StartAsync();
        return new RunningHost(running);
    }

    public static LocalFunctionsHost Create(
        Type[] functions,
        Action<IFunctionsWorkerApplicationBuilder>? configure = null,
        HostJson? host = null,
        Dictionary<string, string?>? settings = null,
        TimeSpan? drain = null)
    {
        var options = new LocalHostOptions
        {
            ReadsEnvironment = false,
            Settings = settings ?? [],
            DrainTimeout = drain ?? TimeSpan.FromSeconds(10),
        };
        return LocalHostComposition.Build(options, host ?? NoPrefix, (_, worker) => configure?.Invoke(worker), functions);
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
