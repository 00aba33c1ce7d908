using System.Globalization;
using System.Numerics;

namespace FuncAiSecure.LocalHost.Timers;

/// <summary>One field of a schedule as a set of numbers below 64.</summary>
internal readonly record struct NcrontabField(ulong Bits)
{
    private static readonly string[] MonthNames =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The six kinds in their order.</summary>
    public static Kind[] Kinds { get; } =
        [new(0, 59), new(0, 59), new(0, 23), new(1, 31), new(1, 12, MonthNames), new(0, 6, DayNames)];

    /// <summary>Whether a number is in the set.</summary>
    public bool Contains(int value) => (Bits >> value & 1) != 0;

    /// <summary>The smallest number of the set from a floor on; -1 if there is none.</summary>
    public int From(int floor)
    {
        var rest = floor > 63 ? 0 : Bits >> floor;
        return rest == 0 ? -1 : floor + BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>Reads <c>*</c>, <c>a</c>, <c>a-b</c>, each with an optional <c>/step</c>, and lists of them.</summary>
    public static bool TryParse(string text, Kind kind, out NcrontabField field)
    {
        field = default;
        var bits = 0ul;
        foreach (var item in text.Split(','))
        {
            if (!TryParseItem(item, kind, ref bits))
            {
                return false;
            }
        }

        field = new NcrontabField(bits);
        return true;
    }

    private static bool TryParseItem(string item, Kind kind, ref ulong bits)
    {
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        var step = 1;
        if (slash >= 0 && (!TryParseNumber(item[(slash + 1)..], out step) || step == 0))
        {
            return false;
        }

        if (!TryParseRange(slash < 0 ? item : item[..slash], kind, slash >= 0, out var first, out var last))
        {
            return false;
        }

        for (var value = first; value <= last; value += step)
        {
            bits |= 1ul << value;
        }

        return true;
    }

    private static bool TryParseRange(string text, Kind kind, bool hasStep, out int first, out int last)
    {
        (first, last) = (kind.Min, kind.Max);
        if (text == "*")
        {
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            // "5/15" counts from 5 to the end.
            var isValue = kind.TryParse(text, out first);
            last = hasStep ? kind.Max : first;
            return isValue;
        }

        return kind.TryParse(text[..dash], out first) && kind.TryParse(text[(dash + 1)..], out last) && first <= last;
    }

    private static bool TryParseNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < 64;

    /// <summary>The bounds of a field, and names for its numbers.</summary>
    internal sealed record Kind(int Min, int Max, string[]? Names = null)
    {
        /// <summary>Reads a number within the bounds, or a name of three letters.</summary>
        public bool TryParse(string text, out int value)
        {
            if (TryParseNumber(text, out value))
            {
                return value >= Min && value <= Max;
            }

            var index = Names is null ? -1 : Array.FindIndex(Names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = index + Min;
            return index >= 0;
        }
    }
}
