using FuncAiSecure.Core.Audit.Capture;
using FuncAiSecure.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit;

/// <summary>Deletes what is older than the deployment keeps. Run by a timer, once a day is enough; two at once do no harm.</summary>
public sealed class AuditRetention
{
    private readonly AuditArchive _archive;
    private readonly PayloadStore _payloads;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditRetention> _logger;

    /// <summary>Retention as the options say.</summary>
    public AuditRetention(AuditArchive archive, PayloadStore payloads, IOptions<AuditOptions> options, TimeProvider time, ILogger<AuditRetention> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_archive, _payloads, _options, _time, _logger) = (archive, payloads, options.Value, time, logger);
    }

    /// <summary>Deletes once. A failure is logged and left to the next run.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

        // Whatever is captured now: what was captured before must go when its time is over, and also where the trail cannot be swept.
        var payloads = await TryAsync(() => _payloads.SweepAsync(today.AddDays(-_options.PayloadRetentionDays), cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var chains = await TryAsync(() => _archive.SweepAsync(today.AddDays(-_options.RetentionDays), cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if ((chains ?? payloads) is not null)
        {
            AuditLog.Swept(_logger, chains ?? 0, payloads ?? 0);
        }
    }

    private async Task<int?> TryAsync(Func<Task<int>> sweep, CancellationToken cancellationToken)
    {
        try
        {
            return await sweep().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException || ServiceFailure.Is(e, cancellationToken))
        {
            AuditLog.SweepFailed(_logger, e.GetType().Name);
            return null;
        }
    }
}
