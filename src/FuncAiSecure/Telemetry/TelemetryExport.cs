using System.Reflection;
using FuncAiSecure.Core;
using FuncAiSecure.Core.Monitoring;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FuncAiSecure.Telemetry;

/// <summary>
/// Sends metrics and traces by OTLP over HTTP, off the requests' path and through bounded queues: a collector that is away costs
/// measurements and never a request. Starts first and stops last, so that the end of every request is still sent.
/// </summary>
/// <param name="options">Where to.</param>
/// <param name="state">Taken so that its instruments exist; whoever listens by other means sees them as well.</param>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options, StateMetrics state) : OutlastingService
{
    private readonly StateMetrics _state = state;
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.OtlpEndpoint is not { } endpoint)
        {
            return Task.CompletedTask;
        }

        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            // Not by the caller's flag: it would decide what we store.
            .SetSampler(new TraceIdRatioBasedSampler(options.Value.TraceRatio))
            .AddSource(ServerMetrics.Name)
            .AddOtlpExporter(exporter => Send(exporter, endpoint, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(ServerMetrics.Name, ServerMetrics.Name + ".*", "System.Runtime")
            .AddOtlpExporter((exporter, reader) =>
            {
                Send(exporter, endpoint, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.MetricInterval.TotalMilliseconds;
            })
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, within the time of one export each.</summary>
    public override Task StoppedAsync(CancellationToken cancellationToken)
    {
        var patience = (int)options.Value.Timeout.TotalMilliseconds;
        return Task.WhenAll(
            Task.Run(() => _traces?.Shutdown(patience), cancellationToken),
            Task.Run(() => _metrics?.Shutdown(patience), cancellationToken)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _traces?.Dispose();
        _metrics?.Dispose();
        GC.KeepAlive(_state);
    }

    /// <summary>Nothing: the exporters have loops of their own.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    private static void Describe(ResourceBuilder resource) => resource.AddService(
        ServerMetrics.Name,
        serviceVersion: typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    private void Send(OtlpExporterOptions exporter, Uri endpoint, string path)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        exporter.TimeoutMilliseconds = (int)options.Value.Timeout.TotalMilliseconds;
    }
}
