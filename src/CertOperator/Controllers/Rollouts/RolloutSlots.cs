using CertOperator.Rotation;

namespace CertOperator.Controllers.Rollouts;

/// <summary>
/// Spreads restarts out when many certificates are replaced at once: one is restarted for right away, each further one a little later,
/// and of very many each at its share of an hour. Thread-safe.
/// </summary>
internal sealed class RolloutSlots
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <param name="now">The earliest.</param>
    /// <param name="uid">Of the Certificate.</param>
    public DateTimeOffset Take(DateTimeOffset now, string uid)
    {
        lock (_lock)
        {
            DateTimeOffset next = _last > now - Gap ? _last + Gap : now;
            if (next - now > Longest)
                return now + (Longest * RenewalPolicy.Fraction(uid));
            return _last = next;
        }
    }
}
