using CertOperator.Api;

namespace CertOperator.Rotation;

public class RenewalPolicyTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Lifetime in days, and how many of them have passed at the latest and at the earliest renewal.</summary>
    [Theory]
    [InlineData(6, 3, 2)]
    [InlineData(9.99, 4.995, 3.33)]
    [InlineData(10, 6.6667, 6.3333)]
    [InlineData(45, 30, 28.5)]
    [InlineData(90, 60, 57)]
    [InlineData(365, 243.333, 231.167)]
    [InlineData(3650, 2433.333, 2311.667)]
    public void A_third_is_left_or_half_of_a_short_life_and_up_to_a_tenth_or_a_third_more(double lifetime, double latest, double earliest)
    {
        RenewalRange range = Renewal(lifetime);

        AssertDays(earliest, latest, range);
        Assert.Equal(range, Renewal(lifetime, uid: "another", now: 4));
    }

    [Theory]
    [InlineData(90, "240h", null, 80)]
    [InlineData(90, null, 50, 45)]
    [InlineData(90, null, 10, 81)]
    [InlineData(10, "24h", null, 9)]
    [InlineData(365, "8700h", null, 2.5)]
    public void What_the_spec_asks_for_is_kept_exactly(double lifetime, string? renewBefore, int? percentage, double day)
        => Assert.Equal(RenewalRange.Exactly(Start.AddDays(day)), Renewal(lifetime, new CertificateSpecParts(renewBefore, percentage, Duration: "8760h")));

    [Fact]
    public void A_certificate_that_lives_shorter_than_was_asked_is_not_renewed_for_ever()
        => Assert.InRange(Days(Renewal(20, new CertificateSpecParts("720h", null)).Earliest), 12.6, 12.7);

    [Fact]
    public void What_the_ca_advises_comes_first()
        => Assert.Equal(RenewalRange.Exactly(Start.AddDays(50)), Renewal(90, new CertificateSpecParts("240h", null), advice: new RenewalAdvice(Start.AddDays(50), Start.AddDays(51))));

    // 1 January 2030 is a Tuesday.
    [Theory]
    [InlineData("0 2 * * *", "4h", 20, 20.0833, 20.1667)] // the night that follows
    [InlineData("0 22 * * *", "4h", 20, 20, 20)] // the night before is not over
    [InlineData("0 2 * * sat", "4h", 20, 25.0833, 25.1667)] // 26 January
    [InlineData("0 2 1 * *", "24h", 20, 31.0833, 31.5833)] // 1 February
    [InlineData("0 2 1 7 *", "24h", 20, 81, 81)] // July comes too late: the last safe moment
    [InlineData("0 2 31 3 *", "24h", 20, 81, 81)] // 31 March is a day too late
    public void A_renewal_waits_for_the_window_but_not_longer_than_is_safe(string cron, string length, double planned, double earliest, double latest)
    {
        var parts = new CertificateSpecParts($"{(90 - planned) * 24}h", null, cron, length);
        for (int number = 0; number < 50; number++)
            AssertDays(earliest, latest, Renewal(90, parts, $"uid-{number}"));
    }

    [Theory]
    [InlineData(60.05, 60.0833, 60.1667)] // before it: in its first half
    [InlineData(60.24, 60.0833, 60.1667)] // it is open: due
    [InlineData(60.3, 61.0833, 61.1667)] // it was missed: the next one
    [InlineData(80.99, 81, 81)] // the next one is too late
    [InlineData(82, 81, 81)] // due since the last safe moment
    public void A_window_that_was_missed_is_followed_by_the_next(double now, double earliest, double latest)
        => AssertDays(earliest, latest, Renewal(90, new CertificateSpecParts("720h", null, "0 2 * * *", "4h"), now: now));

    /// <summary>A window each night, and three days in which the renewal may be.</summary>
    [Fact]
    public void Renewals_that_could_take_several_windows_are_spread_over_them()
    {
        var nightly = new CertificateSpecParts(null, null, "0 2 * * *", "4h");
        RenewalRange[] ranges = [.. Enumerable.Range(0, 300).Select(number => Renewal(90, nightly, $"uid-{number}"))];

        Assert.All(ranges.GroupBy(range => (int)Days(range.Earliest)).Where(night => night.Key is 58 or 59), night => Assert.InRange(night.Count(), 60, 140));
        Assert.All(ranges, range => Assert.InRange(range.Earliest.TimeOfDay, TimeSpan.FromHours(2), TimeSpan.FromHours(6)));
        Assert.All(ranges, range => Assert.InRange(range.Latest.TimeOfDay, TimeSpan.FromHours(4), TimeSpan.FromHours(6)));
    }

    [Fact]
    public void Of_several_windows_the_next_one_counts()
    {
        CertificateSpec spec = new CertificateSpecParts("720h", null).Spec with
        {
            Renewal = new RenewalSpec { Windows = [new() { Cron = "0 2 * * mon", WindowDuration = "2h" }, new() { Cron = "0 5 * * *", WindowDuration = "1h" }] },
        };

        RenewalRange renewal = RenewalPolicy.RangeOf(DesiredCertificate.From(spec, out _)!, Start, Start.AddDays(90), "uid", Start);

        Assert.Equal(new RenewalRange(Start.AddDays(60).AddHours(5), Start.AddDays(60).AddHours(5.5)), renewal);
    }

    /// <summary>Advised times wait for a window too, unless the CA hurries.</summary>
    [Theory]
    [InlineData(60, 62, 62.0833, 62.1667)]
    [InlineData(20, 22, 21, 21)]
    public void A_ca_that_wants_it_replaced_early_is_not_kept_waiting(double windowStart, double windowEnd, double earliest, double latest)
    {
        var advice = new RenewalAdvice(Start.AddDays((windowStart + windowEnd) / 2), Start.AddDays(windowEnd));
        // 4 March 2030, the 62nd day after the start, and the 6th day of the week's count is a Monday.
        AssertDays(earliest, latest, Renewal(90, new CertificateSpecParts(null, null, "0 2 * * mon", "4h"), advice: advice));
    }

    [Theory]
    [InlineData("renewBefore", "216h", "renewal.windows can never be kept")]
    [InlineData("cron", "0 2 30 2 *", "never comes")]
    [InlineData("cron", "2h", "cannot be read")]
    [InlineData("timezone", "Mars/Base", "IANA")]
    [InlineData("timezone", "../../../etc/passwd", "IANA")]
    [InlineData("length", "two hours", "cannot be read")]
    public void A_window_that_can_never_be_kept_is_refused_in_one_sentence(string field, string value, string sentence)
    {
        var parts = new CertificateSpecParts(field == "renewBefore" ? value : null, null, field == "cron" ? value : "0 2 * * *", field == "length" ? value : "2h", field == "timezone" ? value : null);

        Assert.Null(DesiredCertificate.From(parts.Spec, out IReadOnlyList<string> problems));
        Assert.Contains(sentence, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_do_not_make_another_request_of_it()
        => Assert.Equal(
            DesiredCertificate.From(new CertificateSpecParts(null, null).Spec, out _)!.SpecHash,
            DesiredCertificate.From(new CertificateSpecParts(null, null, "0 2 * * *", "2h").Spec, out _)!.SpecHash);

    [Fact]
    public void After_a_pause_the_nearest_expiry_goes_first_and_the_others_do_not_come_at_once()
    {
        TimeSpan days = TimeSpan.FromDays(1);
        Assert.Equal(TimeSpan.Zero, RenewalPolicy.CatchUp(TimeSpan.FromMinutes(10), 20 * days, "uid"));
        Assert.Equal(TimeSpan.Zero, RenewalPolicy.CatchUp(3 * days, TimeSpan.Zero, "uid"));

        TimeSpan[] urgent = [.. Enumerable.Range(0, 100).Select(number => RenewalPolicy.CatchUp(3 * days, TimeSpan.FromHours(12), $"uid-{number}"))];
        TimeSpan[] others = [.. Enumerable.Range(0, 100).Select(number => RenewalPolicy.CatchUp(3 * days, 20 * days, $"uid-{number}"))];
        Assert.True(urgent.Max() < others.Min());
        Assert.InRange(others.Max() - others.Min(), TimeSpan.FromMinutes(45), TimeSpan.FromHours(1));
    }

    private static double Days(DateTimeOffset time) => (time - Start).TotalDays;

    private static void AssertDays(double earliest, double latest, RenewalRange range)
    {
        Assert.Equal(earliest, Days(range.Earliest), 0.001);
        Assert.Equal(latest, Days(range.Latest), 0.001);
    }

    private static RenewalRange Renewal(double lifetime, CertificateSpecParts? parts = null, string uid = "uid", double now = 0, RenewalAdvice? advice = null)
    {
        var desired = DesiredCertificate.From((parts ?? new CertificateSpecParts(null, null)).Spec, out IReadOnlyList<string> problems);
        Assert.Empty(problems);
        return RenewalPolicy.RangeOf(desired!, Start, Start.AddDays(lifetime), uid, Start.AddDays(now), advice);
    }

    /// <summary>What of a spec decides when it is renewed.</summary>
    private sealed record CertificateSpecParts(string? RenewBefore, int? Percentage, string? Cron = null, string Length = "4h", string? Timezone = null, string Duration = "2160h")
    {
        public CertificateSpec Spec => new()
        {
            SecretName = "web",
            IssuerRef = new IssuerRef { Name = "ca" },
            DnsNames = ["web.example.com"],
            Duration = Duration,
            RenewBefore = RenewBefore,
            RenewBeforePercentage = Percentage,
            Renewal = Cron is null ? null : new RenewalSpec { Windows = [new() { Cron = Cron, WindowDuration = Length, Timezone = Timezone }] },
        };
    }
}
