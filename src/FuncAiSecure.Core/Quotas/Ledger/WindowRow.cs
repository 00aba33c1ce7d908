using System.Collections.Immutable;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>The counter of one principal, policy and window. Immutable; each change is a new row for a compare-and-swap.</summary>
internal sealed record WindowRow
{
    /// <summary>More leases than this are not kept: the one that wrote longest ago gives way. 64 entries are some 3 KiB.</summary>
    public const int MaxEntries = 64;

    public required DateTime EndsAt { get; init; }

    /// <summary>The amount that the last writer went by, for reports.</summary>
    public long Limit { get; init; }

    /// <summary>Units handed out to instances, ever.</summary>
    public long Granted { get; init; }

    /// <summary>Units that came back unspent.</summary>
    public long Returned { get; init; }

    /// <summary>Unspent units of entries that gave way; a reset keeps counting them.</summary>
    public long Strayed { get; init; }

    /// <summary>Leases, the one that wrote last at the end.</summary>
    public ImmutableArray<LeaseEntry> Entries { get; init; } = [];

    public long Outstanding => Granted - Returned;

    public LeaseEntry? Find(string id)
    {
        foreach (var entry in Entries)
        {
            if (entry.Id == id)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Hands out units; <paramref name="held"/> of all that the lease has are unspent after it.</summary>
    public WindowRow Grant(string id, long op, long units, long held, long now, long limit)
    {
        var lent = (Find(id)?.Lent ?? 0) + units;
        return (this with { Granted = Granted + units, Limit = limit }).Write(new LeaseEntry(id, op, lent, Math.Min(held, lent), now));
    }

    /// <summary>Takes units back; never more than the lease was lent.</summary>
    public WindowRow TakeBack(string id, long op, long units, long held, long now)
    {
        var lent = Find(id)?.Lent ?? 0;
        var back = Math.Min(units, lent);
        return (this with { Returned = Returned + back }).Write(new LeaseEntry(id, op, lent - back, Math.Min(held, lent - back), now));
    }

    /// <summary>
    /// Starts the window anew. What instances may still hold unspent stays counted, so that the amount holds after a reset
    /// as well, and they can return no more than that.
    /// </summary>
    public WindowRow Reset()
    {
        var entries = ImmutableArray.CreateBuilder<LeaseEntry>(Entries.Length);
        foreach (var entry in Entries)
        {
            entries.Add(entry with { Lent = entry.Held });
        }

        return this with { Granted = Strayed + entries.Sum(entry => entry.Held), Returned = 0, Entries = entries.ToImmutable() };
    }

    private WindowRow Write(LeaseEntry entry)
    {
        var entries = ImmutableArray.CreateBuilder<LeaseEntry>(Entries.Length + 1);
        foreach (var other in Entries)
        {
            if (other.Id != entry.Id)
            {
                entries.Add(other);
            }
        }

        var strayed = Strayed;
        if (entries.Count >= MaxEntries)
        {
            strayed += entries[0].Held;
            entries.RemoveAt(0);
        }

        entries.Add(entry);
        return this with { Entries = entries.ToImmutable(), Strayed = strayed };
    }
}
