using System.Collections.Concurrent;
using FuncAiSecure.Core.Identity;
using FuncAiSecure.Core.Quotas.Ledger;
using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas;

/// <summary>The callers that this instance has seen lately, each with the plan that holds for it.</summary>
internal sealed class CallerTable(LedgerContext context, PlanCatalog plans)
{
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Key, CallerSlot> _slots = new();
    private readonly ReservationPool _pool = new();

    /// <summary>Two credentials of a principal may name different plans; their counters are the same rows where policies are.</summary>
    private readonly record struct Key(PrincipalId Principal, string Plan);

    public IEnumerable<CallerSlot> All => _slots.Values;

    public CallerSlot SlotOf(PrincipalId principal, string? plan)
    {
        var key = new Key(principal, plan ?? plans.DefaultName);
        return _slots.TryGetValue(key, out var slot) ? slot : _slots.GetOrAdd(key, new CallerSlot(context, plans, _pool, principal, key.Plan));
    }

    /// <summary>The slots of one principal.</summary>
    public IEnumerable<CallerSlot> Of(PrincipalId principal) =>
        _slots.Where(pair => pair.Key.Principal == principal).Select(pair => pair.Value);

    /// <summary>Forgets callers that have not called for long and hold nothing.</summary>
    public void ForgetIdle(long now)
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.IsIdleSince(now - context.Ticks(Forget), now))
            {
                _slots.TryRemove(key, out _);
            }
        }
    }
}
