using System.Security.Cryptography;
using System.Text;
using CertOperator.Api;

namespace CertOperator.Rotation;

/// <summary>When a certificate is renewed. Pure: replicas and restarts agree.</summary>
internal static class RenewalPolicy
{
    /// <summary>Below it a certificate is short-lived, and half of its life is left for tries instead of a third.</summary>
    private static readonly TimeSpan ShortLived = TimeSpan.FromDays(10);

    private const double JitterShare = 0.05;

    private static readonly TimeSpan LongestLeastAge = TimeSpan.FromHours(6);

    /// <summary>How old a certificate must be before the CA's advice can have it renewed.</summary>
    public static TimeSpan LeastAge(TimeSpan lifetime) => lifetime / 10 < LongestLeastAge ? lifetime / 10 : LongestLeastAge;

    /// <summary>
    /// What the CA advises, if it does, else <c>renewBefore</c> or the percentage if the certificate lives longer than that, else when a third of the lifetime is
    /// left (half, for under ten days), minus up to 5 % of what is left then, spread by <paramref name="uid"/>.
    /// </summary>
    public static DateTimeOffset RenewalTime(DesiredCertificate desired, DateTimeOffset notBefore, DateTimeOffset notAfter, string uid, DateTimeOffset? advised = null)
    {
        if (advised is { } time)
            return Truncate(time);
        TimeSpan lifetime = notAfter - notBefore;
        if (desired.RenewBefore is { } before && before < lifetime)
            return notAfter - before;
        if (desired.RenewBeforePercentage is { } percentage)
            return notAfter - (lifetime * (percentage / 100.0));

        TimeSpan left = lifetime < ShortLived ? lifetime / 2 : lifetime / 3;
        return Truncate(notAfter - left - (left * (JitterShare * Fraction(uid))));
    }

    /// <summary>0 to 1, evenly over uids.</summary>
    private static double Fraction(string uid)
        => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(uid)), 0) / (double)uint.MaxValue;

    /// <summary>The API keeps whole seconds.</summary>
    private static DateTimeOffset Truncate(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
