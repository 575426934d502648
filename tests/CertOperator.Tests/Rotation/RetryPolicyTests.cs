namespace CertOperator.Rotation;

public class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, "00:01:00")]
    [InlineData(2, "00:02:00")]
    [InlineData(3, "00:05:00")]
    [InlineData(4, "00:10:00")]
    [InlineData(5, "00:20:00")]
    [InlineData(6, "00:30:00")]
    [InlineData(7, "01:00:00")]
    [InlineData(8, "02:00:00")]
    [InlineData(9, "04:00:00")]
    [InlineData(10, "06:00:00")]
    [InlineData(11, "06:00:00")]
    [InlineData(1_000_000, "06:00:00")]
    public void Each_failure_in_a_row_waits_longer_and_the_last_delay_repeats_for_ever(int failures, string delay)
    {
        Assert.Equal(TimeSpan.Parse(delay, null), RetryPolicy.Delay(failures, Now, null));
        Assert.Equal(TimeSpan.Parse(delay, null), RetryPolicy.Delay(failures, Now, Now.AddDays(30)));
    }

    [Theory]
    [InlineData(48, "06:00:00")]
    [InlineData(47, "03:00:00")]
    [InlineData(24, "03:00:00")]
    [InlineData(12, "01:30:00")]
    [InlineData(1, "00:05:37.5")]
    public void Eight_tries_fit_before_the_end(double hoursLeft, string delay)
        => Assert.Equal(TimeSpan.Parse(delay, null), RetryPolicy.Delay(10, Now, Now.AddHours(hoursLeft)));

    [Fact]
    public void Wherever_an_outage_begins_more_than_eight_tries_are_made_before_the_end()
    {
        for (int minutesLeft = 2; minutesLeft < 100_000; minutesLeft = (minutesLeft * 3) + 1)
        {
            DateTimeOffset end = Now.AddMinutes(minutesLeft);
            int tries = 0;
            for (DateTimeOffset at = Now; at < end; at += RetryPolicy.Delay(++tries, at, end))
                Assert.InRange(RetryPolicy.Delay(tries + 1, at, end), TimeSpan.FromSeconds(5), TimeSpan.FromHours(6));
            Assert.InRange(tries, 9, 1000);
        }
    }

    [Theory]
    [InlineData(400, "1.00:00:00")]
    [InlineData(100, "12:00:00")]
    public void What_only_a_change_can_mend_is_tried_once_a_day_unless_the_end_is_near(double hoursLeft, string delay)
        => Assert.Equal(TimeSpan.Parse(delay, null), RetryPolicy.Delay(1, Now, Now.AddHours(hoursLeft), isLasting: true));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void What_has_ended_is_tried_as_what_never_was(double hoursLeft)
        => Assert.Equal(TimeSpan.FromMinutes(1), RetryPolicy.Delay(1, Now, Now.AddHours(hoursLeft)));
}
