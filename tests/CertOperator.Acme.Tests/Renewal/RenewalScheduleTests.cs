using CertOperator.Acme.Renewal;

namespace CertOperator.Acme.Tests.Renewal;

public sealed class RenewalScheduleTests
{
    private static readonly DateTimeOffset Start = Some.Now;
    private static readonly RenewalPolicy Policy = new();

    [Fact]
    public void One_certificate_and_window_have_one_instant_however_often_it_is_computed()
    {
        var info = Window(30, 32);

        Assert.Equal(RenewalSchedule.Choose(info, "a"), RenewalSchedule.Choose(info with { NextCheck = Start.AddDays(3) }, "a"));
        Assert.NotEqual(RenewalSchedule.Choose(info, "a"), RenewalSchedule.Choose(info, "b"));
        Assert.NotEqual(RenewalSchedule.Choose(info, "a"), RenewalSchedule.Choose(Window(30, 33), "a"));
    }

    [Fact]
    public void Certificates_spread_evenly_over_the_window()
    {
        var info = Window(30, 40);

        var days = Enumerable.Range(0, 10_000).Select(i => (RenewalSchedule.Choose(info, $"certificate {i}") - info.Start).TotalDays).ToArray();

        Assert.All(days, day => Assert.InRange(day, 0, 10));
        Assert.All(days.GroupBy(day => (int)day), tenth => Assert.InRange(tenth.Count(), 850, 1150));
    }

    [Fact]
    public void The_CAs_window_decides()
    {
        var decision = Compute(90, Window(50, 52), now: 10);

        Assert.Equal(RenewalReason.SuggestedWindow, decision.Reason);
        Assert.InRange(decision.RenewAt, Start.AddDays(50), Start.AddDays(52));
        Assert.Equal(Start.AddHours(6), decision.NextCheck);
    }

    [Fact]
    public void A_window_in_the_past_makes_a_certificate_due()
        => Assert.True(Compute(90, Window(-2, -1), now: 10).RenewAt < Start.AddDays(10));

    [Theory]
    [InlineData(90, 81)]
    [InlineData(6, 4.5)]
    public void A_window_that_ends_too_late_is_cut_to_what_is_safe(double lifetime, double renewAt)
    {
        var decision = Compute(lifetime, Window(lifetime, lifetime + 10), now: 1);

        Assert.Equal((RenewalReason.SafetyFloor, Start.AddDays(renewAt)), (decision.Reason, decision.RenewAt));
    }

    [Theory]
    [InlineData(90, null, 60)]
    [InlineData(45, null, 30)]
    [InlineData(6, null, 3)]
    [InlineData(90, 10.0, 80)]
    [InlineData(6, 30.0, 3)]
    public void Without_the_CAs_advice_the_policy_decides(double lifetime, double? renewBefore, double renewAt)
    {
        var policy = new RenewalPolicy { RenewBefore = renewBefore is { } days ? TimeSpan.FromDays(days) : null };

        var decision = RenewalSchedule.Compute(Start, Start.AddDays(lifetime), null, "seed", policy, Start);

        Assert.Equal((RenewalReason.Policy, Start.AddDays(renewAt), null), (decision.Reason, decision.RenewAt, decision.NextCheck));
    }

    [Fact]
    public void The_CA_is_not_asked_about_a_certificate_that_has_expired() => Assert.Null(Compute(90, Window(50, 52), now: 91).NextCheck);

    private static RenewalInfo Window(double start, double end) => new(Start.AddDays(start), Start.AddDays(end), Start.AddHours(6));

    private static RenewalDecision Compute(double lifetime, RenewalInfo info, double now)
        => RenewalSchedule.Compute(Start, Start.AddDays(lifetime), info, "seed", Policy, Start.AddDays(now));
}
