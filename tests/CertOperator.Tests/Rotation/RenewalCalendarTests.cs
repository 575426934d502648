using CertOperator.Runtime.Client;

namespace CertOperator.Rotation;

public class RenewalCalendarTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RenewalRange Day = new(Start, Start.AddDays(1));

    private readonly RenewalCalendar _calendar = new();

    [Fact]
    public void Those_with_one_range_are_apart_from_each_other()
    {
        DateTimeOffset[] times = [.. Enumerable.Range(0, 48).Select(number => Choose(number, Day)).Order()];

        Assert.All(times, time => Assert.True(Day.Contains(time)));
        // Even would be half an hour.
        Assert.InRange(times.Zip(times.Skip(1), (one, next) => next - one).Min(), TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(30));
    }

    /// <summary>As after an outage of their CA: each time they may be a day earlier than all at once.</summary>
    [Fact]
    public void What_was_renewed_at_once_is_even_after_few_rotations()
    {
        DateTimeOffset[] renewed = [.. Enumerable.Repeat(Start, 48)];
        for (int rotation = 1; rotation <= 2; rotation++)
        {
            foreach (int number in Enumerable.Range(0, renewed.Length).OrderBy(number => renewed[number]).ToArray())
                renewed[number] = Choose(number, new RenewalRange(renewed[number].AddDays(9), renewed[number].AddDays(10)));
        }

        int[] hours = [.. renewed.CountBy(time => (time - Start).Ticks / TimeSpan.TicksPerHour).Select(hour => hour.Value)];
        Assert.InRange(hours.Max(), 1, 3);
        Assert.InRange(hours.Length, 24, 48);
    }

    [Fact]
    public void A_time_that_was_chosen_stays_while_it_lies_in_the_range()
    {
        DateTimeOffset first = Choose(1, Day);
        Choose(2, Day);

        Assert.Equal(first, Choose(1, Day));
        Assert.Equal(first, Choose(1, Day.From(first)));
        Assert.NotEqual(first, Choose(1, Day.From(first.AddSeconds(1))));
    }

    /// <summary>After a restart, and for what a new replica takes over.</summary>
    [Fact]
    public void A_time_that_status_tells_stays_while_it_lies_in_the_range()
    {
        Assert.Equal(Start.AddHours(7), Choose(1, Day, Start.AddHours(7)));
        Assert.True(Day.Contains(Choose(2, Day, Start.AddDays(2))));
        Assert.NotEqual(Start.AddHours(7), Choose(3, Day));
    }

    [Fact]
    public void What_is_gone_leaves_its_place_to_others()
    {
        DateTimeOffset first = Choose(1, Day);
        _calendar.Remove(Key(1));

        Assert.Equal(first, _calendar.TimeOf(Key(2), "uid-1", Day, null, Start));
    }

    [Fact]
    public void Clusters_that_were_made_together_do_not_choose_the_same_times()
        => Assert.InRange(Enumerable.Range(0, 100).Select(cluster => new RenewalCalendar().TimeOf(Key(1), $"uid-{cluster}", Day, null, Start).Hour).Distinct().Count(), 20, 24);

    [Fact]
    public void A_crowd_is_even_by_chance()
    {
        int[] hours = [.. Enumerable.Range(0, 4800).Select(number => Choose(number, Day)).CountBy(time => time.Hour).Select(hour => hour.Value)];

        Assert.Equal(24, hours.Length);
        Assert.All(hours, count => Assert.InRange(count, 130, 270));
    }

    [Theory]
    [InlineData(18, 18, 24)]
    [InlineData(30, 0, 24)]
    public void Of_a_range_that_has_begun_the_rest_is_chosen_from(int now, int earliest, int latest)
        => Assert.All(
            Enumerable.Range(0, 24),
            number => Assert.InRange(Choose(number, Day, now: Start.AddHours(now)), Start.AddHours(earliest), Start.AddHours(latest)));

    [Fact]
    public void An_exact_time_is_kept_however_many_there_are()
        => Assert.All(Enumerable.Range(0, 100), number => Assert.Equal(Start, Choose(number, RenewalRange.Exactly(Start))));

    private DateTimeOffset Choose(int number, RenewalRange range, DateTimeOffset? known = null, DateTimeOffset? now = null)
        => _calendar.TimeOf(Key(number), $"uid-{number}", range, known, now ?? Start);

    private static ObjectKey Key(int number) => new("shop", $"web-{number}");
}
