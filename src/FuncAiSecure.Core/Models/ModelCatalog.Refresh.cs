using System.Collections.Frozen;
using FuncAiSecure.Core.Models.Promotion;
using FuncAiSecure.Core.Models.Serving;
using Microsoft.Extensions.Logging;

namespace FuncAiSecure.Core.Models;

/// <content>How the catalog follows folders and promotions.</content>
public sealed partial class ModelCatalog
{
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
                await DiscoverAsync(cancellation).ConfigureAwait(false);
                foreach (var entry in _models.Values)
                {
                    await VerifyAsync(entry, cancellation).ConfigureAwait(false);
                }
            }

            // After the promotions were read, so that what they name has been looked for.
            await promotions.ConfigureAwait(false);
            await DiscoverAsync(cancellation).ConfigureAwait(false);
            foreach (var entry in _models.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                await FollowAsync(entry, cancellation).ConfigureAwait(false);
                KeepBudget();
            }

            // Whether a version is to be warm is known once it was verified: readiness waits for those that were there at the start.
            _looked = _looked || !_models.Values.SelectMany(entry => entry.Slots.Values).Any(slot => slot.State == ModelState.Loading);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task ReadPromotionsAsync(CancellationToken cancellation)
    {
        try
        {
            var current = await _promotions.ReadCurrentAsync(cancellation).ConfigureAwait(false);
            var promoted = current.Entries.ToDictionary(promotion => promotion.Model, StringComparer.Ordinal);

            // Nothing takes promotions back: an entry that is gone was lost with its table, and must not bring the oldest version back.
            List<string> unreadable = [.. current.Unreadable, .. _promoted?.Keys.Where(model => !promoted.ContainsKey(model)).Except(current.Unreadable) ?? []];
            foreach (var model in unreadable.Where(model => _promoted?.ContainsKey(model) == true))
            {
                promoted[model] = _promoted![model];
            }

            TellUnreadable(unreadable);

            // What such a model was promoted to is known from before, or not at all: then nobody may take it for never promoted.
            _unknown = [.. unreadable.Where(model => _promoted is null || _unknown.Contains(model))];
            Volatile.Write(ref _promoted, promoted);
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

    private async Task DiscoverAsync(CancellationToken cancellation)
    {
        // A share that went away leaves the empty folder on which it was: nobody takes all models away at once, with the folders of their names.
        var scan = await ScanAsync(cancellation).ConfigureAwait(false);
        if (scan is null || (!scan.HasModels && (_models.Count > 0 || Volatile.Read(ref _promoted)?.Count > 0)))
        {
            if (!_directoryAway)
            {
                Log.DirectoryAway(_log);
            }

            _directoryAway = true;
            return;
        }

        _directoryAway = false;
        TellUnlisted(scan.Unreadable);
        var found = new Dictionary<string, Dictionary<int, ModelSlot>>(StringComparer.Ordinal);
        foreach (var (name, version, path) in scan.Versions)
        {
            var known = _models.GetValueOrDefault(name)?.Slots.GetValueOrDefault(version);
            var slots = found.TryGetValue(name, out var there) ? there : found[name] = [];
            slots[version] = known ?? new ModelSlot(name, version, path, _loader, _time, _options.LoadTimeout, KeepBudget);
        }

        foreach (var name in scan.Unreadable.Where(_models.ContainsKey))
        {
            found[name] = _models[name].Slots.ToDictionary();
        }

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
            _unsignedTold.Remove(slot);
            slot.Close();
        }
    }

    // A share that hangs keeps nobody from following promotions.
    private async Task<DirectoryScan?> ScanAsync(CancellationToken cancellation) =>
        await _scanning.WaitAsync(cancellation).ConfigureAwait(false) is { } done ? await done.ConfigureAwait(false) : null;

    private async Task FollowAsync(ModelEntry entry, CancellationToken cancellation)
    {
        await VerifyAsync(entry, cancellation).ConfigureAwait(false);
        await SwitchAsync(entry, cancellation).ConfigureAwait(false);
        foreach (var slot in entry.Slots.Values)
        {
            Tell(slot);
        }
    }

    private static async Task VerifyAsync(ModelEntry entry, CancellationToken cancellation)
    {
        foreach (var slot in entry.Slots.Values.OrderBy(slot => slot.Version))
        {
            await slot.VerifyAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task SwitchAsync(ModelEntry entry, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _promoted) is not { } promoted)
        {
            return;
        }

        var promotion = promoted.GetValueOrDefault(entry.Name);
        var next = _unknown.Contains(entry.Name)
            ? entry
            : await VersionSwitch.FollowAsync(entry, promotion, cancellation).ConfigureAwait(false);
        if (promotion is not null && next.Note is { } note && note != entry.Note && !_unreadable.Contains(entry.Name))
        {
            Log.NotFollowed(_log, entry.Name, note);
        }

        next = _unreadable.Contains(entry.Name) ? next with { Note = "its promotion cannot be read" } : next;
        Volatile.Write(ref _models, _models.ToFrozenDictionary(
            pair => pair.Key, pair => pair.Key == entry.Name ? next : pair.Value, StringComparer.Ordinal));
        if (next.Serving is { } serving && serving != entry.Serving)
        {
            Log.Serving(_log, entry.Name, serving.Version);
        }

        // After the switch, so that new requests cannot pin what drains.
        foreach (var slot in new[] { entry.Serving, entry.CanarySlot }.Where(slot => slot != next.Serving && slot != next.CanarySlot))
        {
            slot?.Retire();
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

    // A version that was loaded in order to take over stays until it has: the one that it replaces is asked for meanwhile, and it would
    // leave before each round that looks for it.
    private bool IsPinned(ModelSlot slot)
    {
        var (entry, promotion) = (_models.GetValueOrDefault(slot.Name), Volatile.Read(ref _promoted)?.GetValueOrDefault(slot.Name));
        return (slot.Manifest?.Preload == true && (entry?.Serving ?? slot) == slot)
            || (promotion?.Version == slot.Version && entry?.Serving != slot)
            || (promotion?.CanaryVersion == slot.Version && entry?.CanarySlot != slot);
    }

    private void TellUnlisted(HashSet<string> models)
    {
        foreach (var model in models.Where(model => !_unlisted.Contains(model)))
        {
            Log.ModelUnlisted(_log, model);
        }

        _unlisted = models;
    }

    private void TellUnreadable(IReadOnlyList<string> models)
    {
        foreach (var model in models.Where(model => !_unreadable.Contains(model)))
        {
            Log.PromotionUnreadable(_log, model);
        }

        _unreadable = [.. models];
    }

    // Once, whoever found it: a look at the folder, a switch, or a request that had the version loaded.
    private void Tell(ModelSlot slot)
    {
        var status = slot.Describe();
        if (status is { Digest: not null, SignedBy: null } && _unsignedTold.Add(slot))
        {
            Log.Unsigned(_log, slot.Name, slot.Version);
        }

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

        [LoggerMessage(3004, LogLevel.Error, "The models directory cannot be read, or is empty where models were; what was last known stays in force.")]
        public static partial void DirectoryAway(ILogger logger);

        [LoggerMessage(3005, LogLevel.Information, "The session of model {Model} version {Version} was let go for memory.")]
        public static partial void Evicted(ILogger logger, string model, int version);

        [LoggerMessage(3006, LogLevel.Error, "The promotion of model {Model} cannot be read; what was last known of it stays in force.")]
        public static partial void PromotionUnreadable(ILogger logger, string model);

        [LoggerMessage(3007, LogLevel.Error, "The folder of model {Model} cannot be listed; what was last known of it stays in force.")]
        public static partial void ModelUnlisted(ILogger logger, string model);

        [LoggerMessage(3008, LogLevel.Warning, "Model {Model} is not where its promotion says: {Note}")]
        public static partial void NotFollowed(ILogger logger, string model, string note);
    }
}
