using System.Collections.Frozen;
using System.Threading.Channels;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit.Capture;

/// <summary>
/// Keeps encrypted payloads of the models that the deployment names, unless a model's manifest forbids it. Off the request's path
/// and best effort: what waits in memory goes with the process, and a full queue captures nothing rather than wait.
/// </summary>
public sealed class PayloadCapture : OutlastingService
{
    private const int QueueLength = 256;

    private readonly PayloadStore _store;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<PayloadCapture> _logger;
    private readonly FrozenSet<string> _models;
    private readonly Channel<Item> _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

    /// <summary>Capture as the options say.</summary>
    public PayloadCapture(PayloadStore store, IOptions<AuditOptions> options, TimeProvider time, ILogger<PayloadCapture> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_store, _options, _time, _logger) = (store, options.Value, time, logger);
        _models = _options.CaptureModels.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether payloads of a model are kept: named by the deployment and not forbidden by the model.</summary>
    public bool Captures(ModelManifest model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _models.Contains(model.Name) && !model.CaptureForbidden;
    }

    /// <summary>Takes a copy of a payload; false where the model's payloads are not kept or too many wait.</summary>
    public bool TryCapture(ModelManifest model, string requestId, ReadOnlySpan<byte> payload) =>
        Captures(model)
        && _queue.Writer.TryWrite(new Item(
            DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime), requestId, model.Name, payload[..Math.Min(payload.Length, _options.MaxCaptureBytes)].ToArray()));

    /// <inheritdoc />
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } emptying)
        {
            // What is captured by now is brought out while the shutdown's time lasts.
            await emptying.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StoppedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_models.Count == 0)
        {
            return;
        }

        var hasTable = false;
        await foreach (var item in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                if (!hasTable)
                {
                    await _store.EnsureTableAsync(stoppingToken).ConfigureAwait(false);
                    hasTable = true;
                }

                await _store.WriteAsync(item.Day, item.RequestId, item.Model, item.Payload, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (ServiceFailure.Is(e, stoppingToken))
            {
                AuditLog.CaptureFailed(_logger, e.GetType().Name);
            }
        }
    }

    private sealed record Item(DateOnly Day, string RequestId, string Model, byte[] Payload);
}
