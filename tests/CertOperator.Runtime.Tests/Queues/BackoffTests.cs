using CertOperator.Runtime.Queues;
using CertOperator.Runtime.Tests.Fakes;

namespace CertOperator.Runtime.Tests.Queues;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    [Fact]
    public void Each_failure_doubles_the_wait_up_to_the_longest()
    {
        var backoff = new Backoff(First, Max, new NoJitter());
        Assert.Equal([5, 10, 20, 40], Enumerable.Range(1, 4).Select(n => backoff.Delay(n).TotalMilliseconds));
        Assert.Equal(Max, backoff.Delay(17));
        Assert.Equal(Max, backoff.Delay(int.MaxValue));
    }

    [Fact]
    public void Jitter_takes_off_up_to_half_and_adds_nothing()
    {
        var backoff = new Backoff(First, Max, new Random(1));
        var delays = Enumerable.Range(0, 1000).Select(_ => backoff.Delay(3) / First).ToList();
        Assert.All(delays, delay => Assert.InRange(delay, 2, 4));
        Assert.True(delays.Max() - delays.Min() > 1.5);
    }

    [Fact]
    public void Without_a_failure_there_is_no_wait_to_ask_for()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(First, Max).Delay(0));
}
