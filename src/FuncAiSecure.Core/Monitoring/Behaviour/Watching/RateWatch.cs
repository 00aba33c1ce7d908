namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// Burst: the requests of this minute against the 90 % quantile of active minutes at this hour of the day, followed in small steps
/// (Ma, Muthukrishnan and Sandler's frugal streaming), so that neither a burst nor a weekend moves it much.
/// </summary>
internal static class RateWatch
{
    private const float Unit = 4096;
    private const float Quantile = 0.9f;
    private const float Step = 0.03f;
    private const float StepInBurst = 0.01f;
    private const float Spreads = 3;
    private static readonly float LeastRatio = MathF.Log(4);

    /// <summary>Counts a request; true when it is the one that makes the minute a burst.</summary>
    public static bool Count(ref Profile profile, uint minute, int minBurst)
    {
        if (minute != profile.LastMinute)
        {
            Learn(ref profile);
            profile.MinuteRequests = 0;
            profile.BurstAbove = LimitAt(in profile, HourOf(minute), minBurst);
        }

        return ++profile.MinuteRequests == profile.BurstAbove + 1;
    }

    private static void Learn(ref Profile profile)
    {
        if (profile.MinuteRequests == 0)
        {
            return;
        }

        var x = MathF.Log(1 + profile.MinuteRequests);
        ref var stored = ref profile.Hours[HourOf(profile.LastMinute)];
        if (stored == 0)
        {
            stored = Store(x);
            return;
        }

        var level = stored / Unit;
        var away = x - level;
        profile.RateSpread += 0.005f * (MathF.Min(MathF.Abs(away), 3 * profile.RateSpread) - profile.RateSpread);
        profile.RateSpread = MathF.Max(profile.RateSpread, 0.05f);
        var step = profile.MinuteRequests > profile.BurstAbove ? StepInBurst : Step;
        stored = Store(level + (step * (away > 0 ? Quantile : Quantile - 1)));
    }

    // The hours beside count too: jobs do not start on the second.
    private static uint LimitAt(in Profile profile, int hour, int minBurst)
    {
        var stored = Math.Max(profile.Hours[hour], Math.Max(profile.Hours[(hour + 1) % 24], profile.Hours[(hour + 23) % 24]));
        if (stored == 0)
        {
            foreach (var other in profile.Hours)
            {
                stored = Math.Max(stored, other);
            }
        }

        var limit = MathF.Exp((stored / Unit) + MathF.Max(Spreads * profile.RateSpread, LeastRatio)) - 1;
        return (uint)Math.Clamp(limit, minBurst, 1e9f);
    }

    private static ushort Store(float level) => (ushort)Math.Clamp(level * Unit, 1, ushort.MaxValue);

    private static int HourOf(uint minute) => (int)(minute / 60 % 24);
}
