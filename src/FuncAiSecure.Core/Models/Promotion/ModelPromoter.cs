using System.Buffers;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Core.Models.Promotion;

/// <summary>Promotes and rolls back: decides the next entry and adds it, whoever else does the same at the same time.</summary>
public sealed class ModelPromoter(IPromotionStore store, TimeProvider time)
{
    private const int Attempts = 8;
    private const int MaxName = 64;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>
    /// Makes a version the one that serves, or with a <paramref name="percent"/> below 100 gives it that share of the principals
    /// and leaves the rest where they are; 0 takes the canary away.
    /// </summary>
    /// <returns>The entry now in force, or a refusal: <see cref="RefusalCode.InputInvalid"/>, <see cref="RefusalCode.Conflict"/>, <see cref="RefusalCode.DependencyUnavailable"/>.</returns>
    public Task<PromotionOutcome> PromoteAsync(string model, int version, int percent, PrincipalId by, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        return ChangeAsync(model, current => Task.FromResult(Next(current, model, version, percent, by)), cancellation);
    }

    /// <summary>Returns to what was in force before the newest promotion; once more returns further back.</summary>
    /// <returns>As for <see cref="PromoteAsync"/>; a conflict also where there is nothing to return to.</returns>
    public Task<PromotionOutcome> RollbackAsync(string model, PrincipalId by, CancellationToken cancellation) =>
        RollbackAsync(model, by, static _ => null, cancellation);

    /// <summary>The same, for whoever knows which versions there are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="check">Why a version cannot be returned to; null where it can.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public Task<PromotionOutcome> RollbackAsync(string model, PrincipalId by, Func<int, Refusal?> check, CancellationToken cancellation) =>
        ChangeAsync(model, async current => await BackAsync(current, by, check, cancellation).ConfigureAwait(false), cancellation);

    private async Task<PromotionOutcome> BackAsync(Promotion? current, PrincipalId by, Func<int, Refusal?> check, CancellationToken cancellation)
    {
        var target = current is { RollbackTo: > 0 } ? await store.ReadAsync(current.Model, current.RollbackTo, cancellation).ConfigureAwait(false) : null;
        if (target is null)
        {
            return PromotionOutcome.Refused(RefusalCode.Conflict, "There is no earlier promotion to return to; promote the version that shall serve.");
        }

        return check(target.Version) is { } refusal
            ? new PromotionOutcome(null, refusal)
            : new PromotionOutcome(target with
            {
                Sequence = current!.Sequence + 1,
                IsRollback = true,
                PreviousVersion = current.Version,
                By = by.Value,
                At = time.GetUtcNow(),
            });
    }

    private PromotionOutcome Next(Promotion? current, string model, int version, int percent, PrincipalId by)
    {
        if (percent < 100 && current is null)
        {
            return PromotionOutcome.Refused(RefusalCode.Conflict, "A share needs a promoted version for the rest; promote the one that serves first.");
        }

        if (percent is > 0 and < 100 && version == current!.Version)
        {
            return PromotionOutcome.Refused(RefusalCode.Conflict, "The version already serves everybody.");
        }

        var serves = percent == 100 ? version : current!.Version;
        return new PromotionOutcome(new Promotion
        {
            Model = model,
            Sequence = (current?.Sequence ?? 0) + 1,
            Version = serves,
            CanaryVersion = percent is > 0 and < 100 ? version : null,
            CanaryPercent = percent is > 0 and < 100 ? percent : 0,
            RollbackTo = current?.Sequence ?? 0,
            PreviousVersion = Before(current, serves),
            By = by.Value,
            At = time.GetUtcNow(),
        });
    }

    // A canary that comes or goes changes nothing of what the version took over from; after a rollback that is one that nobody wants back.
    private static int Before(Promotion? current, int serves) => current switch
    {
        null => 0,
        { IsRollback: false } when current.Version == serves => current.PreviousVersion,
        _ => current.Version,
    };

    private async Task<PromotionOutcome> ChangeAsync(string model, Func<Promotion?, Task<PromotionOutcome>> decide, CancellationToken cancellation)
    {
        if (model.Length is 0 or > MaxName || model.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return PromotionOutcome.Refused(RefusalCode.InputInvalid, "A model's name is 1 to 64 lower-case letters, digits and . _ -");
        }

        try
        {
            Promotion? tried = null;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (tried is not null && await store.ReadAsync(model, tried.Sequence, cancellation).ConfigureAwait(false) == tried)
                {
                    // Ours was added and its answer lost: the client's own retry then met it, or what followed it, and was told of a conflict.
                    return new PromotionOutcome(tried);
                }

                var all = await store.ReadCurrentAsync(cancellation).ConfigureAwait(false);
                if (all.Unreadable.Contains(model))
                {
                    return PromotionOutcome.Refused(
                        RefusalCode.Conflict, "The entry in force of this model cannot be read: mend its row 'current' in the table of promotions.");
                }

                var next = await decide(all.Of(model)).ConfigureAwait(false);
                tried = next.Promotion;
                if (tried is null || await store.TryAddAsync(tried, cancellation).ConfigureAwait(false))
                {
                    return next;
                }
            }

            return PromotionOutcome.Refused(RefusalCode.Conflict, "Others change this model's promotion at the same time.");
        }
        catch (PromotionStoreException)
        {
            return PromotionOutcome.Refused(RefusalCode.DependencyUnavailable, "The store of promotions is away; look at the list before trying again.");
        }
    }
}

/// <summary>What became of a change.</summary>
/// <param name="Promotion">The entry now in force; null where the change was refused.</param>
/// <param name="Refusal">Why not; null where it was made.</param>
public sealed record PromotionOutcome(Promotion? Promotion, Refusal? Refusal = null)
{
    internal static PromotionOutcome Refused(RefusalCode code, string detail) => new(null, new Refusal(code) { Detail = detail });
}
