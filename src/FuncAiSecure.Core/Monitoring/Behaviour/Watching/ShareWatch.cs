namespace FuncAiSecure.Core.Monitoring.Behaviour.Watching;

/// <summary>
/// Tests whether a share has risen above its own past: Page's cumulative sum of log-likelihood ratios. A sum passes its limit h by
/// chance no more often than once in e^h inputs (Lorden 1971), so that h = ln(100 × inputs a week) keeps independent inputs under
/// one false alarm in a hundred weeks whatever the rate. Inputs are not quite independent: a span of minutes gives only a part of h.
/// </summary>
internal static class ShareWatch
{
    private const float LeastWeekly = 1_000;
    private const float WeeksBetween = 100;

    /// <summary>The evidence that is enough.</summary>
    public static float LimitOf(in Profile profile) => MathF.Log(WeeksBetween * MathF.Max(profile.WeeklyItems, LeastWeekly));

    /// <summary>Takes one input; true when the evidence is enough, and then it begins anew.</summary>
    /// <param name="test">The test's state.</param>
    /// <param name="hit">Whether the input counts.</param>
    /// <param name="floor">The share that is normal for everybody.</param>
    /// <param name="perSpan">The part of the limit that a span of minutes may give.</param>
    /// <param name="limit">From <see cref="LimitOf"/>.</param>
    /// <param name="weight">How much this input moves the learned share.</param>
    public static bool Take(ref Profile.ShareTest test, bool hit, float floor, float perSpan, float limit, float weight)
    {
        var normal = Math.Clamp(1.25f * test.Share, floor, 0.98f);
        var raised = normal + (0.5f * (1 - normal));
        if (hit)
        {
            var gain = MathF.Max(0, MathF.Min(MathF.Log(raised / normal), (perSpan * limit) - test.SpanGain));
            test.Sum += gain;
            test.SpanGain += gain;
        }
        else
        {
            var loss = MathF.Min(test.Sum, MathF.Log((1 - normal) / (1 - raised)));
            test.Sum -= loss;
            test.SpanGain -= loss;
        }

        // What looks like an attack does not teach what is normal.
        if (test.Sum < limit / 3)
        {
            test.Share += weight * ((hit ? 1 : 0) - test.Share);
        }

        if (test.Sum < limit)
        {
            return false;
        }

        test.Sum = 0;
        return true;
    }
}
