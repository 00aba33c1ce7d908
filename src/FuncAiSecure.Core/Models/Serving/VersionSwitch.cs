namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Decides which version of a model serves: the promoted one, once it is good, and until then the one before.</summary>
internal static class VersionSwitch
{
    /// <summary>Brings one model to what was promoted; loads what must be warm before it may take over.</summary>
    /// <param name="entry">The model as it is.</param>
    /// <param name="promotion">What was promoted last; null where nothing ever was.</param>
    /// <param name="cancellation">Ends the waiting for a version that is being loaded.</param>
    /// <returns>The model as it is to be. What served before is not retired yet.</returns>
    public static async Task<ModelEntry> FollowAsync(ModelEntry entry, Promotion.Promotion? promotion, CancellationToken cancellation)
    {
        var serving = entry.Serving is { } old && entry.Slots.GetValueOrDefault(old.Version) == old ? old : null;
        var (next, note) = await SwitchAsync(serving, Target(entry, promotion), promotion, cancellation).ConfigureAwait(false);
        var canary = promotion?.CanaryVersion is { } version ? entry.Slots.GetValueOrDefault(version) : null;
        if (canary is not null && !await canary.EnsureReadyAsync(cancellation).ConfigureAwait(false))
        {
            note ??= $"version {canary.Version} has a share of requests and is refused{Because(canary)}";
            canary = null;
        }

        return entry with { Serving = next, CanarySlot = canary, CanaryPercent = canary is null ? 0 : promotion!.CanaryPercent, Note = note };
    }

    private static async Task<(ModelSlot? Serving, string? Note)> SwitchAsync(
        ModelSlot? serving, ModelSlot? target, Promotion.Promotion? promotion, CancellationToken cancellation)
    {
        if (target is null)
        {
            return (serving, $"version {promotion?.Version} was promoted and is not in this instance's folder");
        }

        // A first version may wait until somebody asks; one that replaces another, or that readiness waits for, may not.
        var mustBeWarm = target.Manifest?.Preload == true || (serving is not null && serving != target);
        var good = mustBeWarm ? await target.EnsureReadyAsync(cancellation).ConfigureAwait(false) : target.State is ModelState.Idle or ModelState.Ready;
        if (good || serving == target)
        {
            return (target, good ? null : $"version {target.Version} is refused{Because(target)}");
        }

        return (serving, serving is null
            ? $"version {target.Version} is refused{Because(target)}"
            : $"version {target.Version} was promoted and is refused, version {serving.Version} serves on{Because(target)}");
    }

    // Until a first promotion the oldest version serves: adding a folder changes nothing by itself.
    private static ModelSlot? Target(ModelEntry entry, Promotion.Promotion? promotion) => promotion is null
        ? entry.Slots.Values.MinBy(slot => slot.Version)
        : entry.Slots.GetValueOrDefault(promotion.Version);

    private static string Because(ModelSlot slot) => slot.Describe().Faults is { IsEmpty: false } faults ? $": {faults[0]}" : "";
}
