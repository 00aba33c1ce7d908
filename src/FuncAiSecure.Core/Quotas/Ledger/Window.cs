using FuncAiSecure.Core.Quotas.Plans;

namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>One UTC-aligned window, from <paramref name="Start"/> (inside) to <paramref name="End"/> (outside).</summary>
internal readonly record struct Window(DateTime Start, DateTime End)
{
    /// <summary>The window that holds a moment of the storage service's clock, in UTC ticks.</summary>
    public static Window At(PolicyWindow kind, long utcTicks)
    {
        var now = new DateTime(utcTicks, DateTimeKind.Utc);
        switch (kind)
        {
            case PolicyWindow.Minute: return Aligned(utcTicks, TimeSpan.TicksPerMinute);
            case PolicyWindow.Hour: return Aligned(utcTicks, TimeSpan.TicksPerHour);
            case PolicyWindow.Day: return Aligned(utcTicks, TimeSpan.TicksPerDay);
            case PolicyWindow.Month:
                var start = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
                return new Window(start, start.AddMonths(1));
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not counted in windows.");
        }
    }

    private static Window Aligned(long utcTicks, long length)
    {
        var start = new DateTime(utcTicks - (utcTicks % length), DateTimeKind.Utc);
        return new Window(start, start.AddTicks(length));
    }
}
