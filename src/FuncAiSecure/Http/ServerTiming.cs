using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FuncAiSecure.Core.Identity;

namespace FuncAiSecure.Http;

/// <summary>The <c>Server-Timing</c> header, for principals with the role to see it: timings tell about other callers, too.</summary>
internal sealed class ServerTiming(long startedAt)
{
    private static readonly (Stages Stage, string Name)[] Shown =
    [
        (Stages.Identity, "identity"), (Stages.Quota, "quota"), (Stages.InputGuard, "guard"), (Stages.Inference, "inference"),
    ];

    private StageTicks _ticks;
    private long _last = startedAt;

    /// <summary>Gives a stage that ends at a timestamp the time since the one before it ended: one look at the clock a stage.</summary>
    public void Lap(Stages stage, long timestamp)
    {
        _ticks[IndexOf(stage)] = timestamp - _last;
        _last = timestamp;
    }

    /// <summary>The header's value; null where this principal may not see it.</summary>
    public string? Format(Principal? principal, TimeSpan? queued, long frequency)
    {
        if (principal is null || (principal.Roles & Roles.DebugTiming) == 0)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var (stage, name) in Shown)
        {
            Append(text, name, _ticks[IndexOf(stage)] * 1000.0 / frequency);
        }

        if (queued is { } waited)
        {
            Append(text, "queue", waited.TotalMilliseconds);
        }

        return text.ToString();
    }

    // A place for each bit of Stages, in the object itself.
    [InlineArray(10)]
    private struct StageTicks
    {
        private long _first;
    }

    private static int IndexOf(Stages stage) => int.TrailingZeroCount((int)stage);

    private static void Append(StringBuilder text, string name, double milliseconds) =>
        text.Append(text.Length == 0 ? "" : ", ").Append(name).Append(";dur=").Append(milliseconds.ToString("0.###", CultureInfo.InvariantCulture));
}
