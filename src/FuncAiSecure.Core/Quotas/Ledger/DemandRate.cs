namespace FuncAiSecure.Core.Quotas.Ledger;

/// <summary>Units a second that one policy of one caller sees on this instance. Outlives windows; used by one flight at a time.</summary>
internal sealed class DemandRate
{
    private double _average;

    public double PerSecond { get; private set; }

    /// <summary>Takes what was asked for since the last note. Rises at once, falls by half with each note.</summary>
    public void Note(long units, TimeSpan since)
    {
        var now = Math.Max(0, units) / since.TotalSeconds;
        _average = (_average + now) / 2;
        PerSecond = Math.Max(_average, now);
    }
}
