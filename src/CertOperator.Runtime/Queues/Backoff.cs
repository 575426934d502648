namespace CertOperator.Runtime.Queues;

/// <summary>
/// Exponential delays: each failure in a row doubles the wait from <paramref name="first"/> up to <paramref name="max"/>.
/// Jitter takes off up to half, so that what failed together does not come back together.
/// </summary>
/// <param name="first">The longest wait after the first failure.</param>
/// <param name="max">The longest wait of all.</param>
/// <param name="random">Source of jitter; an instance of one's own is not thread-safe.</param>
public sealed class Backoff(TimeSpan first, TimeSpan max, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>How long to wait after this many failures in a row (1 or more).</summary>
    public TimeSpan Delay(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var ceiling = Math.Min(max.Ticks, first.Ticks * Math.Pow(2, failures - 1));
        return TimeSpan.FromTicks((long)(ceiling * (1 - _random.NextDouble() / 2)));
    }
}
