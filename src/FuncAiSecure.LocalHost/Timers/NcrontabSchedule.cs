using System.Diagnostics.CodeAnalysis;

namespace FuncAiSecure.LocalHost.Timers;

/// <summary>
/// An NCRONTAB schedule: <c>second minute hour day month day-of-week</c>, or five fields without seconds. All fields must
/// match (day and day-of-week too, unlike Unix cron). Times are UTC.
/// </summary>
internal sealed class NcrontabSchedule
{
    /// <summary>Leap years and weekdays repeat within 40 years: what did not come by then never comes.</summary>
    private const int YearsToSearch = 40;

    private readonly NcrontabField _seconds;
    private readonly NcrontabField _minutes;
    private readonly NcrontabField _hours;
    private readonly NcrontabField _days;
    private readonly NcrontabField _months;
    private readonly NcrontabField _weekdays;

    private NcrontabSchedule(NcrontabField[] fields)
    {
        _seconds = fields[0];
        _minutes = fields[1];
        _hours = fields[2];
        _days = fields[3];
        _months = fields[4];
        _weekdays = fields[5];
    }

    /// <summary>Reads an expression; false if it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NcrontabSchedule? schedule)
    {
        schedule = null;
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 5)
        {
            parts = ["0", .. parts];
        }

        if (parts.Length != NcrontabField.Kinds.Length)
        {
            return false;
        }

        var fields = new NcrontabField[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!NcrontabField.TryParse(parts[i], NcrontabField.Kinds[i], out fields[i]))
            {
                return false;
            }
        }

        schedule = new NcrontabSchedule(fields);
        return true;
    }

    /// <summary>The first time after a moment; null if there is none (30 February).</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var start = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        var day = start.Date;
        var last = Math.Min(start.Year + YearsToSearch, DateTime.MaxValue.Year - 1);
        for (var from = start.TimeOfDay; day.Year <= last; day = day.AddDays(1), from = TimeSpan.Zero)
        {
            if (IsDay(day) && FirstTime(from) is { } time)
            {
                return new DateTimeOffset(day + time, TimeSpan.Zero);
            }
        }

        return null;
    }

    private bool IsDay(DateTime day) =>
        _months.Contains(day.Month) && _days.Contains(day.Day) && _weekdays.Contains((int)day.DayOfWeek);

    private TimeSpan? FirstTime(TimeSpan from)
    {
        for (var hour = _hours.From(from.Hours); hour >= 0; hour = _hours.From(hour + 1))
        {
            var minuteFloor = hour == from.Hours ? from.Minutes : 0;
            for (var minute = _minutes.From(minuteFloor); minute >= 0; minute = _minutes.From(minute + 1))
            {
                var second = _seconds.From(hour == from.Hours && minute == from.Minutes ? from.Seconds : 0);
                if (second >= 0)
                {
                    return new TimeSpan(hour, minute, second);
                }
            }
        }

        return null;
    }
}
