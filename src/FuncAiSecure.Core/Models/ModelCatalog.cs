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
    private FrozenDictionary<string, ModelEntry> _models = FrozenDictionary<string, ModelEntry>.Empty;
    private Dictionary<string, Promotion.Promotion>? _promoted;
    private bool _looked;
    private bool _storeAway;
    private bool _directoryAway;

    internal ModelCatalog(
        IOptions<ModelOptions> options, ModelLoader loader, IPromotionStore promotions, TimeProvider time, ILogger<ModelCatalog> log)
    {
        _options = options.Value;
        _loader = loader;
        _promotions = promotions;
        _time = time;
        _log = log;
        _directory = Path.GetFullPath(_options.Directory, AppContext.BaseDirectory);
    }

    /// <summary>Whether the models let this instance serve, and what is not as it should be.</summary>
    public ModelReadiness Readiness
    {
        get
        {
            var reasons = ImmutableArray.CreateBuilder<string>();
            if (!_looked)
            {
                reasons.Add("models are being looked at for the first time");
            }

            if (Volatile.Read(ref _promoted) is null)
            {
                reasons.Add("promotions are not known yet");
            }

            var missing = _models.Values.Where(IsMissing).Select(entry => $"model {entry.Name} is not warm{Because(entry)}").ToList();
            reasons.AddRange(missing);
            if (_directoryAway && _models.Count == 0)
            {
                reasons.Add("the models directory cannot be read");
            }

            var ready = reasons.Count == 0;
            if (_looked && !_directoryAway && _models.Count == 0)
            {
                reasons.Add("the models directory holds no model");
            }

            reasons.AddRange(_models.Values.Where(entry => entry.Note is not null && !IsMissing(entry)).Select(entry => $"model {entry.Name}: {entry.Note}"));
            return new ModelReadiness(ready, reasons.ToImmutable());
        }
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
            refusal = _looked ? Unknown : NotReady;
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

    /// <summary>
    /// Looks at folders and promotions and brings the instance to where they say: the catalog's own service calls this every few
    /// seconds. One at a time; done when everything that was to be loaded has been loaded or refused, or is loaded on beside for being slow.
    /// </summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _refreshing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var promotions = ReadPromotionsAsync(cancellation);
            if (!_looked)
            {
                // A start need not wait for storage before it hashes: nothing serves until the promotions are known.
                Discover();
                foreach (var entry in _models.Values)
                {
                    await VerifyAsync(entry, cancellation).ConfigureAwait(false);
                }
            }

            // After the promotions were read, so that what they name has been looked for.
            await promotions.ConfigureAwait(false);
            Discover();
            foreach (var entry in _models.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                await FollowAsync(entry, cancellation).ConfigureAwait(false);
                KeepBudget();
            }

            _looked = true;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _refreshing.Dispose();
        foreach (var slot in _models.Values.SelectMany(entry => entry.Slots.Values))
        {
            _ = slot.CloseAsync();
        }
    }

    private async Task ReadPromotionsAsync(CancellationToken cancellation)
    {
        try
        {
            var current = await _promotions.ReadCurrentAsync(cancellation).ConfigureAwait(false);
            Volatile.Write(ref _promoted, current.ToDictionary(promotion => promotion.Model, StringComparer.Ordinal));
            _storeAway = false;
        }
        catch (PromotionStoreException)
        {
            // What was last known stays in force; an instance that never knew serves only requests that name a version.
            if (!_storeAway)
            {
                Log.PromotionsAway(_log);
            }

            _storeAway = true;
        }
    }

    private void Discover()
    {
        var found = new Dictionary<string, Dictionary<int, ModelSlot>>(StringComparer.Ordinal);
        try
        {
            // A share that is not mounted looks like this, and must not take away what serves.
            if (!Directory.Exists(_directory))
            {
                throw new DirectoryNotFoundException();
            }

            foreach (var (name, version, path) in ModelDirectory.Scan(_directory))
            {
                var known = _models.GetValueOrDefault(name)?.Slots.GetValueOrDefault(version);
                var slots = found.TryGetValue(name, out var there) ? there : found[name] = [];
                slots[version] = known ?? new ModelSlot(name, version, path, _loader, _time, _options.LoadTimeout, KeepBudget);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_directoryAway)
            {
                Log.DirectoryUnreadable(_log);
            }

            _directoryAway = true;
            return;
        }

        _directoryAway = false;

        var gone = _models.Values.SelectMany(entry => entry.Slots.Values)
            .Where(slot => !(found.TryGetValue(slot.Name, out var slots) && slots.ContainsKey(slot.Version))).ToList();
        Volatile.Write(ref _models, found.ToFrozenDictionary(
            pair => pair.Key,
            pair => (_models.GetValueOrDefault(pair.Key) ?? new ModelEntry { Name = pair.Key, Slots = FrozenDictionary<int, ModelSlot>.Empty }) with
            {
                Slots = pair.Value.ToFrozenDictionary(),
            },
            StringComparer.Ordinal));
        foreach (var slot in gone)
        {
            _refusalsTold.Remove(slot);
            _ = slot.CloseAsync();
        }
    }

    private async Task FollowAsync(ModelEntry entry, CancellationToken cancellation)
    {
        await VerifyAsync(entry, cancellation).ConfigureAwait(false);
        await SwitchAsync(entry, cancellation).ConfigureAwait(false);
        foreach (var slot in entry.Slots.Values)
        {
            TellRefusal(slot);
        }
    }

    private async Task VerifyAsync(ModelEntry entry, CancellationToken cancellation)
    {
        foreach (var slot in entry.Slots.Values.OrderBy(slot => slot.Version))
        {
            var before = slot.State;
            await slot.VerifyAsync(cancellation).ConfigureAwait(false);
            if (slot.State == ModelState.Idle && before != ModelState.Idle && slot.Describe().SignedBy is null)
            {
                Log.Unsigned(_log, slot.Name, slot.Version);
            }
        }
    }

    private async Task SwitchAsync(ModelEntry entry, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _promoted) is not { } promoted)
        {
            return;
        }

        var next = await VersionSwitch.FollowAsync(entry, promoted.GetValueOrDefault(entry.Name), cancellation).ConfigureAwait(false);
        Volatile.Write(ref _models, _models.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Key == entry.Name ? next : pair.Value, StringComparer.Ordinal));
        if (next.Serving is { } serving && serving != entry.Serving)
        {
            Log.Serving(_log, entry.Name, serving.Version);
        }

        // After the switch, so that new requests cannot pin what drains.
        foreach (var slot in new[] { entry.Serving, entry.CanarySlot }.Where(slot => slot != next.Serving && slot != next.CanarySlot))
        {
            _ = slot?.RetireAsync();
        }
    }

    private void KeepBudget()
    {
        lock (_budget)
        {
            var slots = _models.Values.SelectMany(entry => entry.Slots.Values);
            foreach (var slot in MemoryBudget.Keep(slots, (long)_options.MemoryBudgetMiB << 20, IsPinned))
            {
                Log.Evicted(_log, slot.Name, slot.Version);
            }
        }
    }

    private bool IsPinned(ModelSlot slot) => slot.Manifest?.Preload == true && _models.GetValueOrDefault(slot.Name)?.Serving == slot;

    private static bool IsMissing(ModelEntry entry) => entry.Serving is { } serving
        ? serving.Manifest?.Preload == true && serving.State != ModelState.Ready
        : entry.Slots.Values.Any(slot => slot.Manifest?.Preload == true);

    private static string Because(ModelEntry entry) => entry.Note is null ? "" : $" ({entry.Note})";

    // Once, whoever found it: a look at the folder, a switch, or a request that had the version loaded.
    private void TellRefusal(ModelSlot slot)
    {
        var status = slot.Describe();
        if (status.State != ModelState.Refused)
        {
            _refusalsTold.Remove(slot);
        }
        else if (_refusalsTold.Add(slot))
        {
            Log.Refused(_log, slot.Name, slot.Version, string.Join("; ", status.Faults));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Information, "Model {Model} is served by version {Version}.")]
        public static partial void Serving(ILogger logger, string model, int version);

        [LoggerMessage(3001, LogLevel.Error, "Model {Model} version {Version} is refused: {Faults}")]
        public static partial void Refused(ILogger logger, string model, int version, string faults);

        [LoggerMessage(3002, LogLevel.Warning, "Model {Model} version {Version} has no trusted signature and is served because this deployment allows that.")]
        public static partial void Unsigned(ILogger logger, string model, int version);

        [LoggerMessage(3003, LogLevel.Warning, "The store of promotions is away; what was last known stays in force.")]
        public static partial void PromotionsAway(ILogger logger);

        [LoggerMessage(3004, LogLevel.Error, "The models directory cannot be read; what was last known stays in force.")]
        public static partial void DirectoryUnreadable(ILogger logger);

        [LoggerMessage(3005, LogLevel.Information, "The session of model {Model} version {Version} was let go for memory.")]
        public static partial void Evicted(ILogger logger, string model, int version);
    }
}
