namespace CertOperator.Controllers.Served;

/// <summary>When is asked.</summary>
public sealed class ServedTimesTests
{
    [Theory]
    [InlineData("", 0, 5)] // wrong just now
    [InlineData("", 8, 5)]
    [InlineData("", 60, 30)]
    [InlineData("", 300, 150)]
    [InlineData("", 500, 100)] // the end of the grace is not missed
    [InlineData("", 599, 1)]
    [InlineData("", 600, 300)]
    [InlineData("", 3600, 900)] // a quarter of the interval
    [InlineData("", 360000, 900)]
    [InlineData("5m", 290, 10)]
    public void What_is_wrong_is_asked_again_at_growing_intervals(string grace, int since, int wait)
    {
        ServedOptions options = grace.Length == 0 ? Some.Options : Some.Options with { Grace = TimeSpan.FromMinutes(5) };
        Assert.Equal(Some.Now.AddSeconds(wait), ServedTimes.Again(Some.Now.AddSeconds(-since), Some.Now, options));
    }

    [Fact]
    public void A_grace_costs_few_questions_and_ends_with_one()
    {
        var asked = new List<TimeSpan>();
        for (DateTimeOffset at = Some.Now + ServedTimes.Soon; at <= Some.Now + Some.Options.Grace; at = ServedTimes.Again(Some.Now, at, Some.Options))
            asked.Add(at - Some.Now);
        Assert.Equal(Some.Options.Grace, asked[^1]);
        Assert.InRange(asked.Count, 8, 16);
    }

    [Fact]
    public void A_target_has_its_moment_in_every_interval_and_a_restart_does_not_move_it()
    {
        TimeSpan hour = TimeSpan.FromHours(1);
        DateTimeOffset first = ServedTimes.Regular("u", Some.Target, Some.Now, hour);
        Assert.InRange(first, Some.Now.AddTicks(1), Some.Now + hour);
        Assert.Equal(first, ServedTimes.Regular("u", Some.Target, first.AddSeconds(-1), hour));
        Assert.Equal(first + hour, ServedTimes.Regular("u", Some.Target, first, hour));
        Assert.Equal(first + hour, ServedTimes.Regular("u", Some.Target, first.AddMinutes(59), hour));
    }

    [Fact]
    public void Moments_are_spread_evenly()
    {
        TimeSpan hour = TimeSpan.FromHours(1);
        var minutes = Enumerable.Range(0, 6000).CountBy(number => (int)(ServedTimes.Regular($"uid-{number}", Some.Target, Some.Now, hour) - Some.Now).TotalMinutes).ToDictionary();
        Assert.Equal(60, minutes.Count);
        Assert.All(minutes.Values, count => Assert.InRange(count, 60, 150));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(100, 43)]
    [InlineData(100_000, 3603)] // an interval at the most
    public void What_nobody_waits_for_is_asked_within_the_time_that_the_fleet_needs(int fleet, int seconds)
        => Assert.All(
            Enumerable.Range(0, 200).Select(number => ServedTimes.First($"uid-{number}", Some.Target, Some.Now, fleet, Some.Options)),
            at => Assert.InRange(at, Some.Now + ServedTimes.Soon, Some.Now.AddSeconds(seconds)));
}
