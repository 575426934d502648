namespace CertOperator.Rotation;

/// <summary>When a failed issuance is tried again. Pure.</summary>
internal static class RetryPolicy
{
    /// <summary>Tries that must still fit before the stored certificate ends.</summary>
    private const int TriesLeft = 8;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>
    /// Short at first, since most failures are mended within minutes; long in the end, since a CA counts failures against
    /// its limits. The last one repeats for ever: giving up is how certificates expire.
    /// </summary>
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(6),
    ];

    /// <summary>The delay after <paramref name="failures"/> failures in a row, halved until eight tries fit before expiry.</summary>
    /// <param name="failures">In a row.</param>
    /// <param name="now">Now.</param>
    /// <param name="notAfter">End of what is stored.</param>
    /// <param name="isLasting">Only a change can help, and the change is noticed: once a day is enough.</param>
    public static TimeSpan Delay(int failures, DateTimeOffset now, DateTimeOffset? notAfter, bool isLasting = false)
    {
        TimeSpan delay = isLasting ? Day : Delays[Math.Clamp(failures - 1, 0, Delays.Length - 1)];
        if (notAfter is { } end && end > now)
        {
            while (delay > Least && delay * TriesLeft > end - now)
                delay /= 2;
        }

        return delay < Least ? Least : delay;
    }
}
