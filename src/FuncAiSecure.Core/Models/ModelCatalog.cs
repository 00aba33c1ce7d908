using System.Collections.Frozen;
using System.Collections.Immutable;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Models.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncAiSecure.Core.Models;

/// <summary>
/// The models of this instance. Every folder is verified, whatever is wrong with one never touches the others, and a promoted
/// version takes over only after it was loaded, proven by its golden tests and warmed up.
/// </summary>
public sealed partial class ModelCatalog : IDisposable
{
    // The words of the access decision: a model that is not there and one that may not be seen answer alike.
    private static readonly Refusal Unknown = new(RefusalCode.NotFound) { Detail = "There is no such model." };
    private static readonly Refusal NotReady = new(RefusalCode.ModelNotReady)
    {
        Detail = "The model is not ready to serve.",
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly ModelOptions _options;
    private readonly ModelLoader _loader;
    private readonly IPromotionStore _promotions;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelCatalog> _log;
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Lock _budget = new();
    private readonly string _directory;

    // Only the refresh, one at a time, uses it.
    private readonly HashSet<ModelSlot> _refusalsTold = [];
    private readonly HashSet<ModelSlot> _unsignedTold = [];
    private FrozenDictionary<string, ModelEntry> _models = FrozenDictionary<string, ModelEntry>.Empty;
    private Dictionary<string, Promotion.Promotion>? _promoted;
    private HashSet<string> _unreadable = [];
    private HashSet<string> _unlisted = [];
    private HashSet<string> _unknown = [];
    private bool _looked;
    private bool _storeAway;
    private bool _directoryAway;
    private readonly PatientWait<Task<DirectoryScan?>> _scanning;

    internal ModelCatalog(
        IOptions<ModelOptions> options,
        ModelLoader loader,
        IPromotionStore promotions,
        TimeProvider time,
        ILogger<ModelCatalog> log,
        Func<string, DirectoryScan?>? scan = null)
    {
        _options = options.Value;
        _loader = loader;
        _promotions = promotions;
        _time = time;
        _log = log;
        _directory = Path.GetFullPath(_options.Directory, AppContext.BaseDirectory);
        scan ??= ModelDirectory.TryScan;
        _scanning = new(() => Task.Run(() => scan(_directory)), time);
    }

    /// <summary>Whether the models directory was read and every version in it looked at.</summary>
    public bool IsKnown => _looked && !_directoryAway;

    /// <summary>Whether the models let this instance serve, and what is not as it should be.</summary>
    public ModelReadiness Readiness => ReadinessFor(static _ => true);

    /// <summary>The same for somebody who may not see every model: the others are not named.</summary>
    /// <param name="sees">Whether a model may be named.</param>
    public ModelReadiness ReadinessFor(Func<string, bool> sees)
    {
        ArgumentNullException.ThrowIfNull(sees);
        var reasons = ImmutableArray.CreateBuilder<string>();
        if (!_looked)
        {
            reasons.Add("models are being looked at for the first time");
        }

        if (Volatile.Read(ref _promoted) is null)
        {
            reasons.Add("promotions are not known yet");
        }

        var missing = _models.Values.Where(IsMissing).ToList();
        reasons.AddRange(missing.Where(entry => sees(entry.Name)).Select(entry => $"model {entry.Name} is not warm{Because(entry)}"));
        if (missing.Exists(entry => !sees(entry.Name)))
        {
            reasons.Add("other models are not warm");
        }

        // What is known of models serves on without it.
        var ready = reasons.Count == 0 && !(_directoryAway && _models.Count == 0);
        if (_directoryAway)
        {
            reasons.Add("the models directory cannot be read, or is empty where models were");
        }

        if (_looked && !_directoryAway && _models.Count == 0)
        {
            reasons.Add("the models directory holds no model");
        }

        reasons.AddRange(_unlisted.Where(sees).Select(model => $"model {model}: its folder cannot be listed"));
        reasons.AddRange(_models.Values.Where(entry => entry.Note is not null && sees(entry.Name) && !IsMissing(entry)).Select(entry => $"model {entry.Name}: {entry.Note}"));
        return new ModelReadiness(ready, reasons.ToImmutable());
    }

    /// <summary>
    /// Finds the version for a request and holds it. Dispose the lease when the request is done.
    /// </summary>
    /// <param name="name">The model.</param>
    /// <param name="version">The version; null means the one that was promoted, or the canary for its share of principals.</param>
    /// <param name="principal">Who asks; decides about the canary only, not about permission.</param>
    /// <param name="refusal"><see cref="RefusalCode.NotFound"/> or <see cref="RefusalCode.ModelNotReady"/>; null where there is a lease.</param>
    /// <returns>The lease; null where there is a refusal.</returns>
    public ModelLease? Resolve(string name, int? version, PrincipalId principal, out Refusal? refusal)
    {
        while (true)
        {
            var models = Volatile.Read(ref _models);
            var lease = Resolve(models, name, version, principal, out refusal);

            // A switch between finding a version and holding it would have the old one loaded again: look once more.
            if (lease is not { IsHeld: false } || ReferenceEquals(models, Volatile.Read(ref _models)))
            {
                return lease;
            }
        }
    }

    private ModelLease? Resolve(
        FrozenDictionary<string, ModelEntry> models, string name, int? version, PrincipalId principal, out Refusal? refusal)
    {
        if (!models.TryGetValue(name, out var entry))
        {
            var isUnknown = _looked && !(_directoryAway && models.Count == 0) && !_unlisted.Contains(name);
            refusal = isUnknown ? Unknown : NotReady;
            return null;
        }

        if (version is { } wanted)
        {
            refusal = Unknown;
            return entry.Slots.TryGetValue(wanted, out var slot) ? slot.TryLease(out refusal) : null;
        }

        if (entry.CanarySlot is { } canary && Canary.Includes(name, principal, entry.CanaryPercent) && canary.TryLease(out _) is { } lease)
        {
            refusal = null;
            return lease;
        }

        refusal = NotReady;
        return entry.Serving?.TryLease(out refusal);
    }

    /// <summary>The version that serves requests that name none; null where the catalog knows none that may.</summary>
    public int? ServingVersion(string name) => Volatile.Read(ref _models).GetValueOrDefault(name)?.Serving?.Version;

    /// <summary>Every version, by name and number.</summary>
    public IReadOnlyList<ModelStatus> List() =>
    [
        .. from entry in _models.Values
           from slot in entry.Slots.Values
           orderby entry.Name, slot.Version
           select slot.Describe() with
           {
               IsServing = ReferenceEquals(slot, entry.Serving),
               CanaryPercent = ReferenceEquals(slot, entry.CanarySlot) ? entry.CanaryPercent : 0,
           },
    ];

    /// <inheritdoc />
    public void Dispose()
    {
        _refreshing.Dispose();
        foreach (var slot in _models.Values.SelectMany(entry => entry.Slots.Values))
        {
            slot.Close();
        }
    }

    private static bool IsMissing(ModelEntry entry) => entry.Serving is { } serving
        ? serving.Manifest?.Preload == true && serving.State != ModelState.Ready
        : entry.Slots.Values.Any(slot => slot.Manifest?.Preload == true);

    private static string Because(ModelEntry entry) => entry.Note is null ? "" : $" ({entry.Note})";
}
