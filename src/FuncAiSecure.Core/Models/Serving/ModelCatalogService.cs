using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Keeps the catalog where folders and promotions say, every few seconds, whatever a round throws.</summary>
internal sealed partial class ModelCatalogService(
    ModelCatalog catalog, IOptions<ModelOptions> options, TimeProvider time, ILogger<ModelCatalogService> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshInterval, time);
        do
        {
            try
            {
                await catalog.RefreshAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.RoundFailed(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Error, "A round of the model catalog failed; the next one tries again.")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
