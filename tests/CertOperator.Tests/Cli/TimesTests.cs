namespace CertOperator.Cli;

public class TimesTests
{
    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(7199, "119m")]
    [InlineData(7200, "2h")]
    [InlineData(48 * 3600 - 1, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(729 * 86400, "729d")]
    [InlineData(730 * 86400, "2y")]
    public void Lengths_of_time_have_one_unit(int seconds, string text) => Assert.Equal(text, Times.Span(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Two_requests_within_a_second_are_two()
    {
        Assert.Equal("2030-01-15T09:30:00.000000Z", Times.Moment(CliRun.Now));
        Assert.Equal("2030-01-15T09:30:00.000001Z", Times.Moment(CliRun.Now.AddMicroseconds(1)));
    }

    [Fact]
    public void Past_and_future_differ()
    {
        Assert.Equal("in 3d", Times.Distance(CliRun.Now.AddDays(3), CliRun.Now));
        Assert.Equal("3d ago", Times.Distance(CliRun.Now.AddDays(-3), CliRun.Now));
        Assert.Equal("2030-01-12 (3d ago)", Times.DayAndDistance(CliRun.Now.AddDays(-3), CliRun.Now));
        Assert.Equal("-", Times.DayAndDistance(null, CliRun.Now));
    }
}
