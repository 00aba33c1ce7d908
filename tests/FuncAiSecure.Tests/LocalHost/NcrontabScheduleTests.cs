using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FuncAiSecure.LocalHost.Timers;

namespace FuncAiSecure.Tests.LocalHost;

public class NcrontabScheduleTests
{
    [Theory]
    [InlineData("0 * * * * *", "2030-01-01 00:00:00", "2030-01-01 00:01:00")]
    [InlineData("0 */5 * * * *", "2030-01-01 00:04:59", "2030-01-01 00:05:00")]
    [InlineData("* * * * * *", "2030-01-01 00:00:00.5", "2030-01-01 00:00:01")]
    [InlineData("*/15 * * * * *", "2030-01-01 00:00:46", "2030-01-01 00:01:00")]
    [InlineData("30 5/20 * * * *", "2030-01-01 00:45:30", "2030-01-01 01:05:30")]
    [InlineData("0 0 3 * * *", "2030-01-01 03:00:00", "2030-01-02 03:00:00")]
    [InlineData("0 30 9 * * 1-5", "2030-01-04 09:30:00", "2030-01-07 09:30:00")]
    [InlineData("0 30 9 * Jan Mon,wed", "2030-01-30 09:30:00", "2031-01-01 09:30:00")]
    [InlineData("0 0 0 29 2 *", "2030-01-01 00:00:00", "2032-02-29 00:00:00")]
    [InlineData("0 0 0 31 * *", "2030-04-01 00:00:00", "2030-05-31 00:00:00")]
    [InlineData("0 0 0 13 * fri", "2030-01-01 00:00:00", "2030-09-13 00:00:00")]
    [InlineData("59 59 23 31 12 *", "2030-12-31 23:59:58", "2030-12-31 23:59:59")]
    [InlineData("0 0 8,17 * * *", "2030-01-01 08:00:00", "2030-01-01 17:00:00")]
    [InlineData("0 0 9-17/4 * * *", "2030-01-01 09:00:00", "2030-01-01 13:00:00")]
    [InlineData("*/10 * * * *", "2030-01-01 00:00:01", "2030-01-01 00:10:00")]
    public void Next_time_is_the_first_that_matches_all_fields(string expression, string after, string expected)
    {
        NcrontabSchedule.TryParse(expression, out var schedule).ShouldBeTrue();

        schedule!.Next(Time(after)).ShouldBe(Time(expected));
    }

    [Fact]
    public void Day_that_never_comes_has_no_next_time()
    {
        NcrontabSchedule.TryParse("0 0 0 30 2 *", out var schedule).ShouldBeTrue();

        schedule!.Next(Time("2030-01-01 00:00:00")).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* 60 * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * 32 * *")]
    [InlineData("* * * * 0 *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("*/0 * * * * *")]
    [InlineData("-1 * * * * *")]
    [InlineData("5-3 * * * * *")]
    [InlineData("1,,2 * * * * *")]
    [InlineData("1/ * * * * *")]
    [InlineData("1- * * * * *")]
    [InlineData("+1 * * * * *")]
    [InlineData("* * * * foo *")]
    [InlineData("mon * * * * *")]
    [InlineData("00:05:00")]
    [InlineData("? * * * * *")]
    [InlineData("99999999999 * * * * *")]
    public void Anything_else_is_not_a_schedule(string expression) =>
        NcrontabSchedule.TryParse(expression, out _).ShouldBeFalse();

    [Fact]
    public void Next_time_is_later_has_no_fraction_and_nothing_before_it_matches() =>
        Prop.ForAll(Cases.ToArbitrary(), @case =>
        {
            NcrontabSchedule.TryParse($"{@case.Second} {@case.Minute}-59/7 */{@case.Hour} * * *", out var schedule).ShouldBeTrue();
            var after = Time("2030-02-27 00:00:00").AddSeconds(@case.Offset);

            var next = schedule!.Next(after)!.Value;

            next.ShouldBeGreaterThan(after);
            (next.UtcTicks % TimeSpan.TicksPerSecond).ShouldBe(0);
            bool Matches(DateTimeOffset t) => t.Second == @case.Second && t.Minute >= @case.Minute && (t.Minute - @case.Minute) % 7 == 0 && t.Hour % @case.Hour == 0;
            Matches(next).ShouldBeTrue();
            for (var t = next.AddSeconds(-1); t > after && t > next.AddHours(-2); t = t.AddSeconds(-1))
            {
                Matches(t).ShouldBeFalse();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_without_an_exception() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
            NcrontabSchedule.TryParse(text ?? string.Empty, out var schedule) == schedule is not null).QuickCheckThrowOnFailure();

    private static Gen<(int Second, int Minute, int Hour, int Offset)> Cases =>
        from second in Gen.Choose(0, 59)
        from minute in Gen.Choose(0, 58)
        from hour in Gen.Choose(1, 23)
        from offset in Gen.Choose(0, 400_000)
        select (second, minute, hour, offset);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
