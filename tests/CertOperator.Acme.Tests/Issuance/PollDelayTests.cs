using CertOperator.Acme.Issuance;

namespace CertOperator.Acme.Tests.Issuance;

public sealed class PollDelayTests
{
    private static readonly DateTimeOffset Since = Some.Now;

    [Theory]
    [InlineData(0, 0.003)]
    [InlineData(0.05, 0.1)]
    [InlineData(0.45, 0.9)]
    [InlineData(10, 5)]
    [InlineData(60, 5)]
    [InlineData(600, 50)]
    [InlineData(36_000, 600)]
    [InlineData(-3600, 0.003)]
    public void Without_a_word_of_the_CA_patience_grows(double elapsed, double wait)
    {
        var now = Since.AddSeconds(elapsed);

        Assert.Equal(now.AddSeconds(wait), PollDelay.Next(Since, asked: null, now));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0.003)]
    [InlineData(3600, 3600)]
    [InlineData(86_400, 3600)]
    public void The_CAs_word_is_kept_up_to_an_hour(double asked, double wait)
        => Assert.Equal(Since.AddSeconds(wait), PollDelay.Next(Since, Since.AddSeconds(asked), Since));

    [Theory]
    [InlineData(0.05, 0, 0.1)]
    [InlineData(10, 0, 1)]
    [InlineData(10, -60, 1)]
    [InlineData(10, 2, 2)]
    public void A_CA_that_asks_for_no_wait_is_not_asked_in_a_loop(double elapsed, double asked, double wait)
    {
        var now = Since.AddSeconds(elapsed);

        Assert.Equal(now.AddSeconds(wait), PollDelay.Next(Since, now.AddSeconds(asked), now));
    }

    [Fact]
    public void Ten_looks_cover_half_a_minute()
    {
        var now = Since;
        for (var look = 0; look < 10; look++) now = PollDelay.Next(Since, asked: null, now);

        Assert.InRange(now - Since, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
    }
}
