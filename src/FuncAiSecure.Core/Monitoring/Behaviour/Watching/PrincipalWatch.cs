namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>A finished request taken into its principal's profile, and the signals that it completes. Constant time, no allocation.</summary>
internal readonly ref struct PrincipalWatch(BehaviourOptions options, uint minute)
{
    private const int Memory = 2_000;
    private const float DaysAWeek = 7;
    private const uint ProbingSpan = 5;

    /// <summary>Takes a request.</summary>
    /// <param name="profile">The principal's profile.</param>
    /// <param name="facts">What is noted of the request.</param>
    /// <param name="items">What is noted of its inputs.</param>
    /// <param name="edge">The entropy above which an input is at the model's boundary.</param>
    /// <param name="found">Signals with their evidence and limits.</param>
    public void Take(ref Profile profile, in RequestFacts facts, ReadOnlySpan<ItemFacts> items, float edge, ref Findings found)
    {
        if (profile.FirstMinute == 0)
        {
            profile.FirstMinute = profile.LastMinute = minute;
        }

        var isLearning = minute - profile.FirstMinute < (uint)options.LearningPeriod.TotalMinutes || profile.Requests < options.LearningRequests;
        StartDay(ref profile, items.Length);
        if (minute != profile.LastMinute)
        {
            profile.Edge.SpanGain = profile.Sweep.SpanGain = 0;
        }

        // A faulty client is over in minutes.
        if (minute / ProbingSpan != profile.LastMinute / ProbingSpan)
        {
            profile.Probing.SpanGain = 0;
        }

        if (RateWatch.Count(ref profile, minute, options.MinBurst) && !isLearning)
        {
            Raise(ref profile, Signal.Burst, profile.MinuteRequests, profile.BurstAbove, ref found);
        }

        var network = NetworkWatch.HashOf(facts.Client);
        var model = facts.Model is null ? (ushort)0 : (ushort)Hashes.Of(facts.Model);
        var lengthAway = LengthAway(ref profile, facts.InputLength);
        if (NetworkWatch.Take(ref profile, network, model, facts.Ending, lengthAway, minute, isLearning))
        {
            Raise(ref profile, Signal.Misuse, NetworkWatch.Limit, NetworkWatch.Limit, ref found);
        }

        TakeShares(ref profile, in facts, items, edge, isLearning, ref found);
        profile.Requests = profile.Requests == uint.MaxValue ? profile.Requests : profile.Requests + 1;
        profile.LastMinute = minute;
    }

    private void TakeShares(ref Profile profile, in RequestFacts facts, ReadOnlySpan<ItemFacts> items, float edge, bool isLearning, ref Findings found)
    {
        var weight = 1f / Math.Min(profile.Requests + 10, Memory);
        var limit = isLearning ? float.MaxValue : ShareWatch.LimitOf(in profile);
        profile.FailedShare += weight * ((facts.Ending == Ending.Failed ? 1 : 0) - profile.FailedShare);
        profile.LimitedShare += weight * ((facts.Ending == Ending.LimitRefused ? 1 : 0) - profile.LimitedShare);
        if (facts.Ending is Ending.Served or Ending.InputRefused or Ending.AccessRefused)
        {
            // The same thing refused again is a client that does not understand, not one that searches.
            var isRefused = facts.Ending != Ending.Served;
            var isProbe = isRefused && profile.LastRefusedLength != (uint)facts.InputLength;
            profile.LastRefusedLength = isRefused ? (uint)facts.InputLength : profile.LastRefusedLength;
            if (ShareWatch.Take(ref profile.Probing, isProbe, 0.02f, 0.26f, limit, weight) && !isLearning)
            {
                Raise(ref profile, Signal.Probing, limit, limit, ref found);
            }
        }

        foreach (var item in items)
        {
            var isSweep = false;
            if (item.Sketch != 0)
            {
                isSweep = IsNear(ref profile.Sketches, item.Sketch);
            }

            var isRaised = item.Sketch != 0 && ShareWatch.Take(ref profile.Sweep, isSweep, 0.05f, 0.2f, limit, weight);
            if (!float.IsNaN(item.Entropy))
            {
                profile.Entropy += weight * (item.Entropy - profile.Entropy);
                isRaised |= !float.IsNaN(edge) && ShareWatch.Take(ref profile.Edge, item.Entropy > edge, 0.15f, 0.1f, limit, weight);
            }

            if (isRaised && !isLearning)
            {
                Raise(ref profile, Signal.Extraction, limit, limit, ref found);
            }
        }
    }

    private void StartDay(ref Profile profile, int items)
    {
        var day = minute / 1_440;
        if (day != profile.Day)
        {
            var week = profile.DayItems * DaysAWeek;
            profile.WeeklyItems = MathF.Max(week, profile.WeeklyItems + (0.2f * (week - profile.WeeklyItems)));
            profile.Day = day;
            profile.DayItems = 0;
        }

        profile.DayItems += (uint)Math.Max(1, items);
    }

    // How many spreads the length is away from the usual one, in logarithms.
    private static float LengthAway(ref Profile profile, int length)
    {
        var x = MathF.Log(1 + length);
        if (profile.LengthSpread == 0)
        {
            (profile.LengthLevel, profile.LengthSpread) = (x, 0.5f);
            return 0;
        }

        var away = x - profile.LengthLevel;
        var spread = profile.LengthSpread;
        profile.LengthLevel += 0.01f * Math.Clamp(away, -2 * spread, 2 * spread);
        profile.LengthSpread = MathF.Max(0.1f, spread + (0.005f * (MathF.Min(MathF.Abs(away), 3 * spread) - spread)));
        return MathF.Abs(away) / spread;
    }

    private static bool IsNear(ref Profile.RecentSketches sketches, ulong sketch)
    {
        var isNear = false;
        for (var i = 3; i >= 0; i--)
        {
            isNear |= sketches[i] != 0 && InputSketch.AreNear(sketches[i], sketch);
            sketches[i] = i > 0 ? sketches[i - 1] : sketch;
        }

        return isNear;
    }

    private void Raise(ref Profile profile, Signal signal, double value, double limit, ref Findings found)
    {
        ref var raised = ref profile.Raised[(int)signal];
        if (raised == 0 || minute - raised >= (uint)options.Cooldown.TotalMinutes)
        {
            raised = minute;
            found.Add(signal, value, limit);
        }
    }
}
