using System.Globalization;
using System.Text.RegularExpressions;

namespace FuncAiSecure.Core;

/// <summary>Points in time as people and programs write them. The offset is never left out: what stands for it then is the zone of the machine that reads.</summary>
public static partial class PointInTime
{
    /// <summary>How one is written, for messages.</summary>
    public const string Form = "a time with its offset, such as 2026-12-31T12:00Z or 2026-12-31T12:00:00+01:00";

    /// <summary>Reads the form of RFC 3339; the seconds may be left out.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is not null && Written().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out time);
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}
