namespace FuncAiSecure.Core.Models.Serving;

/// <summary>Keeps the sessions of an instance within its memory.</summary>
internal static class MemoryBudget
{
    /// <summary>Lets sessions go, the least used first, until the rest is within the budget or is pinned or in use.</summary>
    /// <param name="slots">Every version of the instance.</param>
    /// <param name="bytes">The budget.</param>
    /// <param name="isPinned">Whether a version's session stays, whatever the budget is.</param>
    /// <returns>The versions whose sessions were let go.</returns>
    public static IReadOnlyList<ModelSlot> Keep(IEnumerable<ModelSlot> slots, long bytes, Func<ModelSlot, bool> isPinned)
    {
        var loaded = slots.Where(slot => slot.Session is not null).OrderBy(slot => slot.Session?.LastUsed ?? 0).ToList();
        var used = loaded.Sum(slot => slot.Session?.Model.MemoryBytes ?? 0);
        var evicted = new List<ModelSlot>();
        foreach (var slot in loaded.Where(slot => !isPinned(slot)).TakeWhile(_ => used > bytes))
        {
            var freed = slot.TryEvict();
            used -= freed;
            if (freed > 0)
            {
                evicted.Add(slot);
            }
        }

        return evicted;
    }
}
