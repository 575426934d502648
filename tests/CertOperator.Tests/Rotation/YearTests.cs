using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Rotation;

public class YearTests(ITestOutputHelper output)
{
    private const int DaysToCreate = 44;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What goes wrong in the year, on which day of it.</summary>
    private static readonly (double Day, Func<SimulatedYear, Task> Happens)[] Incidents =
    [
        (45, year => year.AcmeOutageAsync(3 * Hour, () => AcmeFault.Unavailable("600"))),
        (60, year => year.CaOutageAsync(3 * Hour)),
        (75, year => year.RestartAsync()),
        (90, year => year.AcmeOutageAsync(3 * Day, () => AcmeFault.Unavailable("600"))),
        (105, year => year.ChangeLeaderAsync()),
        (120, year => year.CaOutageAsync(3 * Day)),
        (150, year => year.SleepAsync(3 * Day)),
        (165, year => year.AcmeOutageAsync(6 * Hour, () => AcmeFault.RateLimited("3600"), AcmeEndpoint.NewOrder)),
        (180, year => year.AcmeOutageAsync(10 * Day, () => AcmeFault.Unavailable("3600"))),
        (205, year => year.RestartAsync()),
        (220, year => year.CaOutageAsync(10 * Day)),
        (250, year => year.StepClockAsync(2 * Day)),
        (265, year => year.StepClockAsync(-TimeSpan.FromMinutes(2))),
        (280, year => year.AcmeOutageAsync(Day, () => AcmeFault.RateLimited("7200"), AcmeEndpoint.NewOrder)),
        (300, year => year.ChangeLeaderAsync()),
        (330, year => year.RestartAsync()),
        (365, _ => Task.CompletedTask),
    ];

    [Fact]
    public async Task A_year_of_a_thousand_certificates_misses_none()
    {
        long began = TimeProvider.System.GetTimestamp();
        await using SimulatedYear year = await SimulatedYear.StartAsync();
        string[] manifests = [.. Fleet.Manifests];
        for (int day = 0; day < DaysToCreate; day++)
        {
            await year.CreateAsync(manifests[(manifests.Length * day / DaysToCreate)..(manifests.Length * (day + 1) / DaysToCreate)]);
            await year.RunUntilAsync(year.Start + ((day + 1) * Day));
        }

        foreach (var (day, happens) in Incidents)
        {
            await year.RunUntilAsync(year.Start + (day * Day));
            output.WriteLine($"day {day}: {year.Record.Issued} issued, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s");
            await happens(year);
        }

        Tell(year.Record);
        AssertGood(year.Record);
    }

    private void Tell(YearRecord record)
    {
        output.WriteLine($"{record.Count} certificates, {record.Issued} issued, {record.Renewals.Count} renewals, {record.Orders.Count} orders, {record.Steps} jumps of the clock, {Environment.CpuUsage.TotalTime.TotalSeconds:0} s of processor time");
        output.WriteLine($"renewals: {record.Renewals.Count / (365 * 24.0):0.00} an hour, at most {YearRecord.Most(record.Renewals, Hour)}, outside recovery {YearRecord.Most(record.UndisturbedRenewals, Hour)}");
        output.WriteLine($"orders of one account: at most {YearRecord.Most(record.Orders.Select(order => order.At), 3 * Hour)} in three hours");
        output.WriteLine($"expired because the CA was down: {record.Expired}, replaced at most {record.LongestRecovery} after it was up again");
        output.WriteLine($"expired though the CA was up for {YearRecord.LongEnough}: {record.Missed.Count}");
    }

    private static void AssertGood(YearRecord record)
    {
        Assert.Empty(record.Missed);
        Assert.Equal(Fleet.All.Sum(fleet => fleet.Count), record.Count);
        Assert.InRange(record.LongestRecovery, TimeSpan.Zero, 7 * Hour);

        Assert.InRange(YearRecord.Most(record.UndisturbedRenewals, Hour), 1, 3 * record.Renewals.Count / (365 * 24.0));

        Assert.InRange(YearRecord.Most(record.Orders.Select(order => order.At), 3 * Hour), 1, 300);
        Assert.All(record.Orders.GroupBy(order => order.Name), name => Assert.InRange(YearRecord.Most(name.Select(order => order.At), 7 * Day), 1, 5));
        Assert.All(Firsts(record).GroupBy(first => first.Name.Split('.', 2)[1]), domain => Assert.InRange(YearRecord.Most(domain.Select(order => order.At), 7 * Day), 1, 50));
    }

    /// <summary>Let's Encrypt does not count renewals of the same names against the registered domain.</summary>
    private static IEnumerable<(string Name, DateTimeOffset At)> Firsts(YearRecord record)
        => record.Orders.GroupBy(order => order.Name).Select(name => name.MinBy(order => order.At));
}
