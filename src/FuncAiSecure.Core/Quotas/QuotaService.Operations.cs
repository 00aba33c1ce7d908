using System.Collections.Immutable;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>What callers and operators see and change.</summary>
public sealed partial class QuotaService
{
    private const int ResetTries = 20;

    /// <summary>Is a plan of this name configured?</summary>
    public bool HasPlan(string name) => _plans.Names.Contains(name);

    /// <summary>Whether a plan grants more than another of anything that both limit, whatever the models.</summary>
    /// <param name="plan">A configured plan's name; another one grants nothing.</param>
    /// <param name="other">The other one's; null for the default plan.</param>
    public bool GrantsMore(string plan, string? other) =>
        _plans.Find(plan) is { } first && _plans.Find(other) is { } second
        && second.Policies.Any(limit => !limit.Shadow && first.Policies.Any(
            amount => !amount.Shadow && (amount.Window, amount.Unit) == (limit.Window, limit.Unit) && amount.Amount > limit.Amount));

    /// <summary>Callers that this instance has admitted or refused in the last quarter of an hour, each with its credential's plan or the default one.</summary>
    /// <param name="limit">How many at most; the latest first.</param>
    public IReadOnlyList<(PrincipalId Principal, string Plan)> RecentCallers(int limit) =>
        [.. _callers.All.Where(slot => slot.LastCalled is not null).OrderByDescending(slot => slot.LastCalled).Take(limit).Select(slot => slot.Caller)];

    /// <summary>
    /// Whether a caller may read its own usage now; otherwise the refusal. It costs no units, since whoever has none left must be able to
    /// ask, and each reading is a handful of calls of the table.
    /// </summary>
    public Refusal? CheckUsageRead(Principal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return _callers.SlotOf(principal.Id, principal.Plan).UntilUsageRead(_context.Time.GetTimestamp()) is { } wait ? Refusals.UsageReads(wait) : null;
    }

    /// <summary>A caller's plan with what is used and left, read from the counters.</summary>
    /// <param name="principal">Whose usage.</param>
    /// <param name="plan">The plan that its credential names; null for the default plan.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>Null if the table cannot be asked, or the plan is not configured.</returns>
    public async ValueTask<QuotaUsage?> GetUsageAsync(PrincipalId principal, string? plan, CancellationToken ct)
    {
        var slot = _callers.SlotOf(principal, plan);
        if ((await slot.LoadAsync(ct)).Caller is not { } caller)
        {
            return null;
        }

        var policies = ImmutableArray.CreateBuilder<PolicyUsage>();
        foreach (var policy in caller.Plan.Policies)
        {
            if (!policy.IsCounted)
            {
                var (left, _) = caller.Left(policy);
                policies.Add(new PolicyUsage(policy.Name, policy.Window, policy.Unit, policy.Amount, caller.Taken(policy), left, null, false, []));
                continue;
            }

            var window = CurrentWindow(policy);
            var read = await _context.Store.ReadAsync(QuotaKeys.Counter(principal, policy, window), ct);
            if (read.Outcome is not (StoreOutcome.Done or StoreOutcome.Missing))
            {
                return null;
            }

            policies.Add(UsageOf(policy, window, read.Row, caller.Unspent(policy)));
        }

        return new QuotaUsage(caller.Plan.Name, slot.IsOverridden, policies.ToImmutable());
    }

    /// <summary>Changes a caller's plan while everything runs; it holds on this instance at once and everywhere within 30 s.</summary>
    /// <param name="principal">Whose plan.</param>
    /// <param name="plan">A configured plan's name; null goes back to the plan of the credential.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>Null if it was changed; otherwise input-invalid (no such plan) or dependency-unavailable.</returns>
    public async ValueTask<Refusal?> SetPlanAsync(PrincipalId principal, string? plan, CancellationToken ct)
    {
        if (plan is not null && !HasPlan(plan))
        {
            return new Refusal(RefusalCode.InputInvalid) { Detail = "No plan of this name is configured.", Parameter = "plan" };
        }

        if (await _context.Store.WritePlanAsync(QuotaKeys.Plan(principal), plan, ct) != StoreOutcome.Done)
        {
            return Refusals.Unavailable(null);
        }

        QuotaLog.PlanChanged(_context.Log, principal.Value, plan ?? "(none)");
        foreach (var slot in _callers.Of(principal))
        {
            await slot.RefreshAsync();
        }

        return null;
    }

    /// <summary>
    /// Starts the current window of a policy, or of all counted ones, anew. What instances hold unspent stays counted, so
    /// that the amount is not exceeded after the reset either.
    /// </summary>
    /// <param name="principal">Whose window.</param>
    /// <param name="plan">The plan that its credential names; null for the default plan.</param>
    /// <param name="policy">The policy's name; null for all.</param>
    /// <param name="ct">The request's token.</param>
    /// <returns>
    /// Null if it was reset; otherwise input-invalid (no such policy) or dependency-unavailable. And the policies whose windows were started
    /// anew, some of them perhaps before one could not be.
    /// </returns>
    public async ValueTask<(Refusal? Refusal, ImmutableArray<string> Anew)> ResetAsync(PrincipalId principal, string? plan, string? policy, CancellationToken ct)
    {
        var (outcome, caller) = await _callers.SlotOf(principal, plan).LoadAsync(ct);
        if (caller is null)
        {
            return (outcome == StoreOutcome.Missing ? Refusals.PlanUnknown() : Refusals.Unavailable(null), []);
        }

        var chosen = caller.Plan.Counted.Where(counted => policy is null || counted.Name == policy).ToList();
        if (chosen.Count == 0)
        {
            return (new Refusal(RefusalCode.InputInvalid) { Detail = "The plan has no counted policy of this name.", Parameter = "policy" }, []);
        }

        ImmutableArray<string> anew = [];
        foreach (var counted in chosen)
        {
            if (!await ResetAsync(QuotaKeys.Counter(principal, counted, CurrentWindow(counted)), ct))
            {
                return (Refusals.Unavailable(counted, anew), anew);
            }

            anew = anew.Add(counted.Name);
            caller.LookAgain(counted);
            QuotaLog.WindowReset(_context.Log, principal.Value, counted.Name);
        }

        return (null, anew);
    }

    /// <summary>Deletes counters of windows that ended longer ago than <see cref="QuotaOptions.KeepWindows"/>.</summary>
    /// <returns>How many; null if the table cannot be asked.</returns>
    public async ValueTask<int?> SweepAsync(CancellationToken ct)
    {
        var now = new DateTime(_context.Clock.At(_context.Time.GetTimestamp()).Earliest, DateTimeKind.Utc);
        var count = await _context.Store.SweepAsync(now - _context.Options.KeepWindows, ct);
        if (count is { } deleted)
        {
            QuotaLog.Swept(_context.Log, deleted);
        }

        return count;
    }

    private async ValueTask<bool> ResetAsync(RowAddress address, CancellationToken ct)
    {
        for (var attempt = 0; attempt < ResetTries; attempt++)
        {
            var read = await _context.Store.ReadAsync(address, ct);
            if (read.Outcome == StoreOutcome.Missing)
            {
                return true;
            }

            // Sent twice by a retry it does no harm: what a reset leaves, a reset does not change.
            if (read is { Outcome: StoreOutcome.Done, Row: { } row, ETag: { } etag }
                && (await _context.Store.ReplaceAsync(address, row.Reset(), etag, ct)).Outcome == StoreOutcome.Done)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5 + (45 * _context.Jitter())), _context.Time, ct);
        }

        return false;
    }

    private Window CurrentWindow(Policy policy) =>
        Window.At(policy.Window, _context.Clock.At(_context.Time.GetTimestamp()).Earliest);

    private static PolicyUsage UsageOf(Policy policy, Window window, WindowRow? row, long unspent)
    {
        var used = Math.Max(0, (row?.Outstanding ?? 0) - unspent);
        ImmutableArray<LeaseUsage> leases = row is null
            ? []
            : [.. row.Entries.Select(entry => new LeaseUsage(entry.Id, entry.Lent, entry.Held, DateTimeOffset.FromUnixTimeSeconds(entry.At)))];
        return new PolicyUsage(
            policy.Name, policy.Window, policy.Unit, policy.Amount, used, Math.Max(0, policy.Amount - used),
            new DateTimeOffset(window.End), policy.Shadow, leases);
    }
}
