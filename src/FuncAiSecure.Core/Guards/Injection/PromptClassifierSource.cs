using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Models.Integrity;
using FuncAiSecure.Core.Models.Serving;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Guards.Injection;

/// <summary>
/// Holds the injection classifier: from the models directory, by the same manifest, hashes and signature as any model. Where the
/// setting names no version, the oldest one is there from the start and the one that the catalog serves takes over, after its golden
/// tests hold here too. Where a classifier is wanted and none is to be had, what needs the judgement is refused.
/// </summary>
internal sealed partial class PromptClassifierSource : BackgroundService
{
    private readonly GuardOptions _options;
    private readonly ModelOptions _models;
    private readonly Func<string, int?> _serving;
    private readonly TimeProvider _time;
    private readonly ILogger? _logger;
    private PromptClassifier? _current;
    private int _version;
    private int? _refused;
    private readonly PatientWait<Task> _following;
    private bool _isSlow;

    /// <param name="options">Which model.</param>
    /// <param name="models">Where models are and which are believed.</param>
    /// <param name="serving">The version of a model that the catalog serves; null while it knows none.</param>
    /// <param name="time">The clock of the look at the catalog.</param>
    /// <param name="logger">Versions and counts of faults.</param>
    public PromptClassifierSource(
        IOptions<GuardOptions> options, IOptions<ModelOptions> models, Func<string, int?> serving, TimeProvider time, ILogger<PromptClassifierSource> logger)
    {
        (_options, _models, _serving, _time, _logger) = (options.Value, models.Value, serving, time, logger);
        _following = new(() => Task.Run(FollowOnceAsync), time);
    }

    /// <summary>A classifier that is there already; null judges by rules alone.</summary>
    internal PromptClassifierSource(PromptClassifier? classifier)
    {
        (_options, _models, _serving, _time) = (new GuardOptions { PromptModel = "" }, new ModelOptions(), _ => null, TimeProvider.System);
        _following = new(() => Task.Run(FollowOnceAsync), _time);
        _current = classifier;
    }

    /// <summary>The classifier; null where rules alone judge, or while it is not loaded. Take it once for a judgement: it may be replaced.</summary>
    public PromptClassifier? Current => Volatile.Read(ref _current);

    /// <summary>The version of <see cref="Current"/>; 0 where it is not from a folder.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Whether injection can be judged as the settings want it.</summary>
    public bool IsReady => _options.PromptModel.Length == 0 || Current is not null;

    private string Name => _options.PromptModel.Split('/')[0];

    private bool IsPinned => _options.PromptModel.Contains('/', StringComparison.Ordinal);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.PromptModel.Length > 0)
        {
            await FollowAsync(cancellationToken).ConfigureAwait(false);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Brings the classifier to the version that it ought to have. What cannot be loaded leaves the one that is there. A file share that hangs
    /// keeps no host from starting.
    /// </summary>
    internal async Task FollowAsync(CancellationToken cancellation)
    {
        bool isSlow = await _following.WaitAsync(cancellation).ConfigureAwait(false) is null;
        if (isSlow && !_isSlow)
        {
            Log.Slow(_logger!, Name);
        }

        _isSlow = isSlow;
    }

    private async Task FollowOnceAsync()
    {
        int wanted = IsPinned ? int.Parse(_options.PromptModel.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture)
            : _serving(Name) ?? (Current is null ? Versions(Path.Combine(Directory, Name)).DefaultIfEmpty().Min() : Version);
        if (wanted == Version && Current is not null)
        {
            return;
        }

        if (await LoadAsync(wanted).ConfigureAwait(false) is { } loaded)
        {
            Volatile.Write(ref _version, wanted);
            Volatile.Write(ref _current, loaded);
            Log.Loaded(_logger!, Name, wanted);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.PromptModel.Length == 0)
        {
            return;
        }

        using PeriodicTimer timer = new(_models.RefreshInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await FollowAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>The versions among a model's folders; none where they cannot be listed, as on a share that went away.</summary>
    internal static IEnumerable<int> Versions(string folder)
    {
        try
        {
            return System.IO.Directory.GetDirectories(folder)
                .Select(path => int.TryParse(Path.GetFileName(path), out int version) ? version : 0).Where(version => version > 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Directory => Path.GetFullPath(_models.Directory, AppContext.BaseDirectory);

    private async Task<PromptClassifier?> LoadAsync(int version)
    {
        int faults = 1;
        try
        {
            string folder = Path.Combine(Directory, Name, version.ToString(System.Globalization.CultureInfo.InvariantCulture));
            FolderResult read = await ModelFolderReader.ReadAsync(folder, ModelTrust.FromOptions(_models, AppContext.BaseDirectory), CancellationToken.None).ConfigureAwait(false);
            if (read.Folder is { } found && found.Files.TryGetValue("calibration.json", out ReadOnlyMemory<byte> calibration)
                && found.Files.TryGetValue("golden.json", out ReadOnlyMemory<byte> golden))
            {
                PromptClassifier classifier = PromptModel.Read(found.Model.Span, calibration.Span);
                if (PromptModel.Passes(classifier, golden.Span))
                {
                    _refused = null;
                    return classifier;
                }
            }

            faults = Math.Max(1, read.Faults.Length);
        }
        catch (Exception)
        {
            // Told below; the next round tries again. Whatever a folder or a public key's file makes its readers do must not end the host.
        }

        if (_refused != version)
        {
            _refused = version;
            if (version == 0)
            {
                Log.Missing(_logger!, Name);
            }
            else
            {
                Log.NotLoaded(_logger!, Name, version, faults);
            }
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(5004, LogLevel.Error, "Version {Version} of the injection classifier {Model} could not be loaded ({Faults} faults); an earlier one serves on, without one models that want injection judged refuse")]
        public static partial void NotLoaded(ILogger logger, string model, int version, int faults);

        [LoggerMessage(5005, LogLevel.Information, "The injection classifier {Model} is at version {Version}")]
        public static partial void Loaded(ILogger logger, string model, int version);

        [LoggerMessage(5007, LogLevel.Error, "The injection classifier {Model} is slow to be read; an earlier one serves on, without one models that want injection judged refuse until it is there")]
        public static partial void Slow(ILogger logger, string model);

        [LoggerMessage(5006, LogLevel.Error, "The injection classifier {Model} is not in the models directory; models that want injection judged refuse")]
        public static partial void Missing(ILogger logger, string model);
    }
}
