using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Monitoring.Behaviour.Keeping;
using FuncAiSecure.Core.Monitoring.Behaviour.Watching;

namespace FuncAiSecure.Core.Monitoring.Behaviour;

/// <summary>
/// Keeps a small profile of each principal and model and notices when they leave their own past. Observing takes constant time and
/// memory; signals are handed to background work, which records them.
/// </summary>
public sealed class BehaviourMonitor
{
    /// <summary>The most inputs of a request that are looked at.</summary>
    public const int MaxItems = 32;

    // More versions than this are not told apart from unknown ones: the catalog holds far fewer.
    private const int MaxModels = 4_096;
    private const int MaxPending = 4_096;
    private static readonly Signal[] Signals = Enum.GetValues<Signal>();

    private readonly ConcurrentDictionary<(string Name, int Version), ModelWatch> _models = new();
    private readonly ConcurrentDictionary<ulong, ModelProfile> _saved = new();
    private readonly Channel<Raised> _raised = Channel.CreateBounded<Raised>(
        new BoundedChannelOptions(MaxPending) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly BehaviourOptions _options;
    private readonly TimeProvider _time;
    private readonly ProfileTable _profiles;

    internal BehaviourMonitor(BehaviourOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _profiles = new ProfileTable(options.MaxPrincipals);
    }

    /// <summary>Signals that were raised and not yet acted on.</summary>
    internal ChannelReader<Raised> Pending => _raised.Reader;

    /// <summary>Takes a finished request. Safe on any thread.</summary>
    /// <param name="facts">What is noted of it.</param>
    /// <param name="items">What is noted of its inputs, at most <see cref="MaxItems"/> of them.</param>
    public void Observe(in RequestFacts facts, ReadOnlySpan<ItemFacts> items)
    {
        var now = _time.GetUtcNow();
        var minute = (uint)(now.ToUnixTimeSeconds() / 60);
        var model = facts.Model is null ? null : ModelOf(facts.Model, facts.Version);
        var edge = model?.Edge ?? float.NaN;
        var key = Hashes.Of(facts.Principal.Id.Value);
        var found = default(Findings);
        lock (_profiles.LockOf(key))
        {
            new PrincipalWatch(_options, minute).Take(ref _profiles.Of(key), in facts, items, edge, ref found);
        }

        if (model is not null)
        {
            foreach (ref readonly var item in items)
            {
                if (model.Take(in item, minute, (uint)_options.Cooldown.TotalMinutes) is { } index)
                {
                    found.Add(Signal.Drift, index, ModelWatch.Limit);
                }
            }
        }

        if (!found.IsEmpty)
        {
            Raise(now, in facts, in found);
        }
    }

    /// <summary>Takes a signal that another control noticed.</summary>
    public void Report(Signal signal, Principal principal, string model, int version, double value, double limit)
    {
        ArgumentNullException.ThrowIfNull(principal);
        _raised.Writer.TryWrite(new Raised(new Anomaly(_time.GetUtcNow(), signal, principal.Id.Value, model, version, value, limit), principal));
    }

    /// <summary>Takes over what was saved; a profile of another format is left out.</summary>
    /// <returns>Whether it was taken.</returns>
    internal bool Restore(in SavedState state)
    {
        if (state.Format == Profile.Format && state.Bytes.Length == Marshal.SizeOf<Profile>() && !state.IsModel)
        {
            var profile = MemoryMarshal.Read<Profile>(state.Bytes);
            if (profile.Key == state.Key && profile.Key != 0)
            {
                _profiles.Restore(in profile);
                return true;
            }
        }

        if (state.Format == Profile.Format && state.Bytes.Length == Marshal.SizeOf<ModelProfile>() && state.IsModel && _saved.Count < MaxModels)
        {
            var profile = MemoryMarshal.Read<ModelProfile>(state.Bytes);
            _saved[state.Key] = profile;
            foreach (var watch in _models.Values)
            {
                watch.Restore(in profile);
            }

            return profile.Key == state.Key;
        }

        return false;
    }

    /// <summary>Everything that changed since it was last taken.</summary>
    internal IEnumerable<SavedState> TakeChanged()
    {
        var minute = (uint)(_time.GetUtcNow().ToUnixTimeSeconds() / 60);
        for (var i = 0; i < _profiles.Capacity; i++)
        {
            if (_profiles.TryTakeChanged(i, minute, out var profile))
            {
                yield return new SavedState(profile.Key, false, Profile.Format, BytesOf(in profile));
            }
        }

        foreach (var model in _models.Values)
        {
            var profile = model.Copy();
            yield return new SavedState(profile.Key, true, Profile.Format, BytesOf(in profile));
        }
    }

    /// <summary>What was taken could not be saved.</summary>
    internal void MarkUnsaved(in SavedState state)
    {
        if (!state.IsModel)
        {
            _profiles.MarkUnsaved(state.Key);
        }
    }

    private static byte[] BytesOf<T>(in T profile)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in profile)).ToArray();

    private ModelWatch? ModelOf(string name, int version)
    {
        if (_models.TryGetValue((name, version), out var known))
        {
            return known;
        }

        if (_models.Count >= MaxModels)
        {
            return null;
        }

        var made = new ModelWatch(Hashes.Of(name, version));
        if (_saved.TryGetValue(Hashes.Of(name, version), out var saved))
        {
            made.Restore(in saved);
        }

        return _models.GetOrAdd((name, version), made);
    }

    private void Raise(DateTimeOffset now, in RequestFacts facts, in Findings found)
    {
        foreach (var signal in Signals)
        {
            if (found.TryGet(signal, out var value, out var limit))
            {
                var principal = signal == Signal.Drift ? null : facts.Principal;
                var anomaly = new Anomaly(now, signal, principal?.Id.Value, facts.Model, facts.Model is null ? null : facts.Version, value, limit);
                _raised.Writer.TryWrite(new Raised(anomaly, principal));
            }
        }
    }
}

/// <summary>A signal on its way to be recorded.</summary>
/// <param name="Anomaly">The signal.</param>
/// <param name="Principal">Whose; null where it is about a model.</param>
internal readonly record struct Raised(Anomaly Anomaly, Principal? Principal);
