using System.Globalization;

namespace CertOperator.Api;

public class CronScheduleTests
{
    [Theory]
    [InlineData("0 2 * * *", "2030-01-01T00:00", "2030-01-01T02:00")]
    [InlineData("0 2 * * *", "2030-01-01T02:00", "2030-01-02T02:00")]
    [InlineData("*/20 * * * *", "2030-01-01T00:01", "2030-01-01T00:20")]
    [InlineData("5/10 * * * *", "2030-01-01T00:56", "2030-01-01T01:05")]
    [InlineData("30 1,13 * * *", "2030-01-01T02:00", "2030-01-01T13:30")]
    [InlineData("0 9-17/4 * * mon-fri", "2030-01-04T17:00", "2030-01-07T09:00")]
    [InlineData("0 0 * * 7", "2030-01-01T00:00", "2030-01-06T00:00")]
    [InlineData("0 0 * * SUN", "2030-01-01T00:00", "2030-01-06T00:00")]
    [InlineData("0 0 31 * *", "2030-02-01T00:00", "2030-03-31T00:00")]
    [InlineData("0 0 29 feb *", "2030-01-01T00:00", "2032-02-29T00:00")]
    [InlineData("0 0 15 * mon", "2030-01-08T00:00", "2030-01-14T00:00")] // either day, as cron has it
    [InlineData("0 0 15 * mon", "2030-01-14T00:00", "2030-01-15T00:00")]
    [InlineData("59 23 31 12 *", "2030-12-31T23:59", "2031-12-31T23:59")]
    public void The_next_minute_is_found(string cron, string after, string next)
        => Assert.Equal(Time(next), CronSchedule.Parse(cron)!.Next(Time(after), TimeZoneInfo.Utc));

    /// <summary>Berlin puts its clocks forward at 02:00 on 31 March 2030, and back at 03:00 on 27 October.</summary>
    [Theory]
    [InlineData("0 3 * * *", "2030-01-01T00:00", "2030-01-01T02:00")]
    [InlineData("0 3 * * *", "2030-07-01T00:00", "2030-07-01T01:00")]
    [InlineData("30 2 * * *", "2030-03-31T00:00", "2030-03-31T01:30")] // a time that is skipped is an hour later
    [InlineData("30 2 * * *", "2030-10-26T22:00", "2030-10-27T00:30")] // of a time that comes twice the first counts
    [InlineData("30 2 * * *", "2030-10-27T00:30", "2030-10-28T01:30")]
    public void The_clocks_of_the_zone_count(string cron, string after, string next)
        => Assert.Equal(Time(next), CronSchedule.Parse(cron)!.Next(Time(after), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));

    [Fact]
    public void A_day_that_never_comes_has_no_next_minute() => Assert.Null(CronSchedule.Parse("0 0 31 2,4 *")!.Next(Time("2030-01-01T00:00"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData(", * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("+1 * * * *")]
    [InlineData("mon * * * *")]
    [InlineData("@daily")]
    [InlineData("99999999999 * * * *")]
    public void Anything_else_is_not_read(string cron) => Assert.Null(CronSchedule.Parse(cron));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
