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
        var (next, note) = await SwitchAsync(entry, serving, promotion, cancellation).ConfigureAwait(false);
        var canary = promotion?.CanaryVersion is { } version ? entry.Slots.GetValueOrDefault(version) : null;

        // One that was proven stays although its session left for memory: loading it each round would only have it leave again.
        if (canary is not null && !(canary == entry.CanarySlot ? IsGood(canary) : await canary.EnsureReadyAsync(cancellation).ConfigureAwait(false)))
        {
            note ??= $"version {canary.Version} has a share of requests and {Stands(canary)}";
            canary = null;
        }

        return entry with { Serving = next, CanarySlot = canary, CanaryPercent = canary is null ? 0 : promotion!.CanaryPercent, Note = note };
    }

    private static async Task<(ModelSlot? Serving, string? Note)> SwitchAsync(
        ModelEntry entry, ModelSlot? serving, Promotion.Promotion? promotion, CancellationToken cancellation)
    {
        // A first version may wait until somebody asks; one that replaces another, or that readiness waits for, may not.
        var target = Target(entry, promotion);
        if (target is not null && await MayServeAsync(target, mustBeWarm: serving is not null && serving != target, cancellation).ConfigureAwait(false))
        {
            return (target, null);
        }

        if (target is null or { State: ModelState.Refused } && (serving is null || serving == target))
        {
            serving = await BeforeAsync(entry, target, promotion, cancellation).ConfigureAwait(false) ?? serving;
        }

        if (target is null)
        {
            return (serving, $"version {promotion?.Version} was promoted and is not in this instance's folder");
        }

        return (serving, serving is null || serving == target
            ? $"version {target.Version} {Stands(target)}"
            : $"version {target.Version} was promoted and {Stands(target, $", version {serving.Version} serves on")}");
    }

    // What served before a promotion serves on where that is refused, also on an instance that was not there then. One that was rolled
    // back from does not come back so.
    private static async Task<ModelSlot?> BeforeAsync(ModelEntry entry, ModelSlot? target, Promotion.Promotion? promotion, CancellationToken cancellation)
    {
        var before = promotion switch
        {
            null or { IsRollback: true } => null,
            { PreviousVersion: 0 } => Target(entry, null),
            _ => entry.Slots.GetValueOrDefault(promotion.PreviousVersion),
        };
        return before is not null && before != target && await MayServeAsync(before, mustBeWarm: false, cancellation).ConfigureAwait(false) ? before : null;
    }

    private static async Task<bool> MayServeAsync(ModelSlot slot, bool mustBeWarm, CancellationToken cancellation) =>
        mustBeWarm || slot.Manifest?.Preload == true ? await slot.EnsureReadyAsync(cancellation).ConfigureAwait(false) : IsGood(slot);

    // Until a first promotion the oldest version serves: adding a folder changes nothing by itself.
    private static ModelSlot? Target(ModelEntry entry, Promotion.Promotion? promotion) => promotion is null
        ? entry.Slots.Values.MinBy(slot => slot.Version)
        : entry.Slots.GetValueOrDefault(promotion.Version);

    private static bool IsGood(ModelSlot slot) => slot.State is ModelState.Idle or ModelState.Ready;

    private static string Stands(ModelSlot slot, string so = "") =>
        slot.Describe().State == ModelState.Loading ? $"is being loaded{so}" : $"is refused{so}{Because(slot)}";

    private static string Because(ModelSlot slot) => slot.Describe().Faults is { IsEmpty: false } faults ? $": {faults[0]}" : "";
}
