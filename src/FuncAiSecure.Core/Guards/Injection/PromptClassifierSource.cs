using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// Loads the injection classifier when the host starts: from the models directory, by the same manifest, hashes and signature as
/// any model. Where it is wanted and not to be had, injection is not judged and what needs the judgement is refused.
/// </summary>
internal sealed partial class PromptClassifierSource : IHostedService
{
    private readonly GuardOptions _options;
    private readonly ModelOptions _models;
    private readonly ILogger? _logger;

    public PromptClassifierSource(IOptions<GuardOptions> options, IOptions<ModelOptions> models, ILogger<PromptClassifierSource> logger)
    {
        _options = options.Value;
        _models = models.Value;
        _logger = logger;
        IsReady = _options.PromptModel.Length == 0;
    }

    /// <summary>A classifier that is there already; null judges by rules alone.</summary>
    internal PromptClassifierSource(PromptClassifier? classifier)
    {
        (_options, _models, Current, IsReady) = (new GuardOptions(), new ModelOptions(), classifier, true);
    }

    /// <summary>The classifier; null where rules alone judge, or while it is not loaded.</summary>
    public PromptClassifier? Current { get; private set; }

    /// <summary>Whether injection can be judged as the settings want it.</summary>
    public bool IsReady { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsReady)
        {
            return;
        }

        string directory = Path.Combine(AppContext.BaseDirectory, _models.Directory, _options.PromptModel);
        FolderResult read = await ModelFolderReader.ReadAsync(directory, ModelTrust.FromOptions(_models, AppContext.BaseDirectory), cancellationToken).ConfigureAwait(false);
        if (read.Folder is not { } folder || !folder.Files.TryGetValue("calibration.json", out ReadOnlyMemory<byte> calibration))
        {
            Log.NotLoaded(_logger!, _options.PromptModel, read.Faults.Length);
            return;
        }

        try
        {
            Current = PromptModel.Read(folder.Model.Span, calibration.Span);
            IsReady = true;
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            Log.NotLoaded(_logger!, _options.PromptModel, 1);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(5004, LogLevel.Error, "The injection classifier {Model} could not be loaded ({Faults} faults): models that want injection judged refuse")]
        public static partial void NotLoaded(ILogger logger, string model, int faults);
    }
}
