using System.Diagnostics;
using FuncAiSecure.Core.Monitoring;
using FuncAiSecure.Telemetry;
using FuncAiSecure.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.IntegrationTests.Telemetry;

/// <summary>Runs alone: the export hears the instruments of every app in the process.</summary>
[Collection(AloneGroup.Name)]
public sealed class LastExportTests
{
    [Fact]
    public async Task What_is_measured_while_the_host_stops_is_sent()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource(ServerMetrics.Name);
        var app = Host.CreateEmptyApplicationBuilder(null);
        var options = Options.Create(new TelemetryOptions { OtlpEndpoint = receiver.Address, TraceRatio = 1 });
        app.Services.AddSingleton<IHostedService>(new HostsOwn(() =>
        {
            source.StartActivity("the last")?.Dispose();
            return Task.CompletedTask;
        }));
        app.Services.AddSingleton<IHostedService>(new TelemetryExport(options, null!));
        using var host = app.Build();

        await host.StartAsync();
        await host.StopAsync();

        receiver.Spans().Select(span => span.Name).ShouldContain("the last");
    }
}
