using System.Net.Sockets;
using System.Text;
using FuncAiSecure.LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FuncAiSecure.Benchmarks.LocalHost;

/// <summary>What the in-process Functions host adds to a bare Kestrel endpoint: processor time and allocations of the whole process.</summary>
internal sealed class HostOverheadBenchmark : IBenchmark
{
    private const int Rounds = 9;
    private const int RequestsEach = 20_000;
    private const int Stages = 11;

    /// <inheritdoc />
    public string Name => "host";

    /// <inheritdoc />
    public string Purpose => "In-process Functions host over a bare Kestrel endpoint";

    /// <inheritdoc />
    public async Task RunAsync(Report report, CancellationToken cancellation)
    {
        await using var bare = await StartBareAsync(cancellation);
        await using var plain = await StartHostAsync(0, cancellation);
        await using var staged = await StartHostAsync(Stages, cancellation);
        var bareAddress = new Uri(bare.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        (string Name, Uri Address)[] peers =
            [("bare endpoint", bareAddress), ("empty function", plain.BaseAddress), ($"behind {Stages} stages", staged.BaseAddress)];

        var samples = peers.Select(_ => new List<(double Micros, double Bytes)>()).ToList();
        foreach (var (round, index) in Benchmarks.Rounds.Interleaved(Rounds, peers.Length, before: 1))
        {
            cancellation.ThrowIfCancellationRequested();
            var sample = Measure(peers[index].Address);
            if (round >= 0)
            {
                samples[index].Add(sample);
            }
        }

        report.Say($"{Rounds} interleaved rounds of {RequestsEach} requests on one connection; processor time includes client and kernel.");
        report.Table(
            ["peer", "CPU µs/request", "over bare", "bytes/request", "over bare"],
            peers.Select((peer, i) =>
            {
                var over = Benchmarks.Rounds.Median([.. samples[i].Select((s, round) => s.Micros - samples[0][round].Micros)]);
                var micros = Benchmarks.Rounds.Median([.. samples[i].Select(s => s.Micros)]);
                var bytes = Benchmarks.Rounds.Median([.. samples[i].Select(s => s.Bytes)]);
                var bareBytes = Benchmarks.Rounds.Median([.. samples[0].Select(s => s.Bytes)]);
                return new[] { peer.Name, Report.Number(micros), Report.Number(over), Report.Number(bytes), Report.Number(bytes - bareBytes) };
            }));
        await bare.StopAsync(cancellation);
        await plain.StopAsync(cancellation);
        await staged.StopAsync(cancellation);
    }

    private static async Task<WebApplication> StartBareAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(http => http.Response.WriteAsync("ok", CancellationToken.None));
        await app.StartAsync(cancellation);
        return app;
    }

    private static async Task<LocalFunctionsHost> StartHostAsync(int stages, CancellationToken cancellation)
    {
        var options = new LocalHostOptions { ReadsEnvironment = false, ScriptRoot = Path.GetTempPath() };
        var host = LocalFunctionsHost.Create(
            options,
            (_, worker) =>
            {
                for (var i = 0; i < stages; i++)
                {
                    worker.UseMiddleware((context, next) => context.GetHttpContext() is null ? Task.CompletedTask : next());
                }
            },
            typeof(HostOverheadBenchmark).Assembly);
        await host.StartAsync(cancellation);
        return host;
    }

    private static (double Micros, double Bytes) Measure(Uri address)
    {
        using var client = new TcpClient(address.Host, address.Port) { NoDelay = true };
        var request = Encoding.ASCII.GetBytes($"GET /api/empty HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        var buffer = new byte[1024];
        Exchange(client.Client, request, buffer);

        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < RequestsEach; i++)
        {
            Exchange(client.Client, request, buffer);
        }

        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        return (cpu.TotalMicroseconds / RequestsEach, (double)bytes / RequestsEach);
    }

    private static void Exchange(Socket socket, byte[] request, byte[] buffer)
    {
        socket.Send(request);
        var length = 0;
        do
        {
            length += socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
        }
        while (!buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8));
        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException("An answer was not 200.");
        }
    }
}

/// <summary>The least that a function can do.</summary>
public static class EmptyFunction
{
    /// <summary>Writes two bytes.</summary>
    [Function("Empty")]
    public static Task Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        request.HttpContext.Response.WriteAsync("ok", CancellationToken.None);
}
