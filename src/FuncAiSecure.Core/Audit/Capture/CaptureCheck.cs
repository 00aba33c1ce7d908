using FuncAiSecure.Core.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Audit.Capture;

/// <summary>Tells, once the models are known, of which model that the setting names nothing is captured: who counts on payloads finds none.</summary>
/// <param name="options">The names.</param>
/// <param name="models">The models; null while they are not known.</param>
/// <param name="time">The clock of the looks at the models.</param>
/// <param name="log">Names of models.</param>
internal sealed class CaptureCheck(
    IOptions<AuditOptions> options, Func<IReadOnlyList<ModelStatus>?> models, TimeProvider time, ILogger<CaptureCheck> log) : BackgroundService
{
    /// <summary>From one look to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.CaptureModels.Count == 0)
        {
            return;
        }

        IReadOnlyList<ModelStatus>? known;
        using var timer = new PeriodicTimer(Interval, time);
        while ((known = models()) is null)
        {
            await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }

        foreach (var name in options.Value.CaptureModels)
        {
            var versions = known.Where(version => version.Name == name).ToList();
            if (versions.Count == 0)
            {
                AuditLog.NothingCaptured(log, name, "it is not in the models directory");
            }
            else if (versions.TrueForAll(version => version.Manifest?.CaptureForbidden == true))
            {
                AuditLog.NothingCaptured(log, name, "its manifest forbids it");
            }
        }
    }
}
