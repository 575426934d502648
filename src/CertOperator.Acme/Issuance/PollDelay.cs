namespace CertOperator.Acme.Issuance;

/// <summary>
/// When to look again where the CA does not say. A function of the time since it was told to work, so that no counter has to be stored:
/// three times as late each time, 5 s after a while, and more and more patient after the first minute. That time begins before the telling,
/// so a CA that takes long to answer, or is far away, is given longer from the beginning.
/// </summary>
internal static class PollDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastAsked = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <param name="since">When the CA was told.</param>
    /// <param name="asked">
    /// Its Retry-After; obeyed up to an hour, because a whole day is known to be a mistake of a CA. Less than a second is no leave to ask in a
    /// loop.
    /// </param>
    /// <param name="now">Now.</param>
    public static DateTimeOffset Next(DateTimeOffset since, DateTimeOffset? asked, DateTimeOffset now)
    {
        var elapsed = now - since;
        if (elapsed < TimeSpan.Zero) elapsed = TimeSpan.Zero;
        var quick = Longer(First, Shorter(2 * elapsed, Usual));
        if (asked is { } time) return now + Shorter(Longer(time - now, Shorter(quick, LeastAsked)), LongestAsked);
        var patient = elapsed / 12;
        return now + Shorter(Longer(quick, patient), Longest);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
