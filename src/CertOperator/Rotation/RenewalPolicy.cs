using System.Security.Cryptography;
using System.Text;
using CertOperator.Acme.Renewal;
using CertOperator.Api;

namespace CertOperator.Rotation;

/// <summary>When a certificate is renewed. Pure: replicas and restarts agree.</summary>
internal static class RenewalPolicy
{
    private static readonly TimeSpan LongestLeastAge = TimeSpan.FromHours(6);

    /// <summary>Later than any delay of the operator's own.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromHours(2);

    /// <summary>How old a certificate must be before the CA's advice can have it renewed.</summary>
    public static TimeSpan LeastAge(TimeSpan lifetime) => lifetime / 10 < LongestLeastAge ? lifetime / 10 : LongestLeastAge;

    /// <summary>
    /// What the CA advises, if it does; else what <c>renewBefore</c> or the percentage says; else the default share of the lifetime
    /// before the end, or up to a tenth of that share earlier (a third of a short life's). Then moved into a maintenance window, if there are any.
    /// </summary>
    /// <param name="desired">As the spec has it.</param>
    /// <param name="notBefore">Of the stored certificate.</param>
    /// <param name="notAfter">Of the stored certificate.</param>
    /// <param name="uid">Of the Certificate: chooses among several windows.</param>
    /// <param name="now">A window that has passed is of no use any more.</param>
    /// <param name="advice">What the CA advises; null if nothing.</param>
    /// <param name="rolledBack">When the user had it put back in the place of a later one; null if it was not.</param>
    public static RenewalRange RangeOf(
        DesiredCertificate desired, DateTimeOffset notBefore, DateTimeOffset notAfter, string uid, DateTimeOffset now, RenewalAdvice? advice = null, DateTimeOffset? rolledBack = null)
    {
        TimeSpan lifetime = notAfter - notBefore;
        TimeSpan left = DesiredCertificate.LeftAtRenewal(lifetime, desired.RenewBefore, desired.RenewBeforePercentage);
        bool isAsked = desired.RenewBefore < lifetime || desired.RenewBeforePercentage is not null;
        RenewalRange planned = advice is not null ? RenewalRange.Exactly(advice.Time)
            : isAsked ? RenewalRange.Exactly(notAfter - left)
            : RenewalRange.Between(notAfter - (left * (1 + Leeway(lifetime))), notAfter - left);

        // A CA that wants it replaced long before it is due has found something wrong with it.
        bool isUrgent = advice?.WindowEnd < notAfter - (DesiredCertificate.LeftByDefault(lifetime) * (1 + Leeway(lifetime)));
        // It may have been due when it was replaced, and is wanted all the same.
        if (!isUrgent && rolledBack is { } at && at >= notBefore && at < notAfter)
            planned = planned.From(at + ((notAfter - at) / 2));
        DateTimeOffset lastSafe = notAfter - RenewalSchedule.SafetyMargin(lifetime);
        if (desired.RenewalWindows.Count == 0 || isUrgent || planned.Latest >= lastSafe)
            return planned;

        RenewalRange moved = IntoWindow(desired.RenewalWindows, planned, uid);
        if (moved.Latest <= now && IntoWindow(desired.RenewalWindows, RenewalRange.Exactly(now), uid) is var next && next.Earliest > now)
            moved = next;
        return moved.Until(lastSafe);
    }

    /// <summary>What lies in an open window; else the first half of the next one. Those that could take several windows are spread over them by uid.</summary>
    private static RenewalRange IntoWindow(IReadOnlyList<MaintenanceWindow> windows, RenewalRange planned, string uid)
    {
        DateTimeOffset about = planned.At(Fraction(uid));
        var (opening, length) = windows.Select(window => (Opening: window.OpeningFor(about), window.Length)).MinBy(window => window.Opening ?? DateTimeOffset.MaxValue);
        if (opening is not { } opens)
            return planned;
        return opens > about ? RenewalRange.Between(opens, opens + (length / 2)) : planned.From(opens).Until(opens + length);
    }

    /// <summary>
    /// How long a renewal that is late anyway, after a pause of the whole machine, may wait for others: the nearest expiry goes
    /// first, and those that are far from it do not all come at once.
    /// </summary>
    /// <param name="late">Time since it was due.</param>
    /// <param name="left">Of the stored certificate's lifetime.</param>
    /// <param name="uid">Of the Certificate.</param>
    public static TimeSpan CatchUp(TimeSpan late, TimeSpan left, string uid)
    {
        if (late < Late || left <= TimeSpan.Zero)
            return TimeSpan.Zero;
        TimeSpan most = left / 100 < LongestCatchUp ? left / 100 : LongestCatchUp;
        return most * (0.5 + (0.5 * Fraction(uid)));
    }

    /// <summary>
    /// How much earlier than planned it may be, of what is left then, for the sake of an even spread. Short lives come together again soon after
    /// an outage of their CA had them all renewed at once: with a larger share they are apart within weeks, not months.
    /// </summary>
    private static double Leeway(TimeSpan lifetime) => lifetime < Acme.Renewal.RenewalPolicy.ShortLifetime ? 1.0 / 3 : 0.1;

    /// <summary>0 to 1, evenly over uids.</summary>
    public static double Fraction(string uid)
        => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(uid)), 0) / (double)uint.MaxValue;
}

/// <summary>When a CA wants a certificate renewed (RFC 9773).</summary>
/// <param name="Time">The time that was chosen.</param>
/// <param name="WindowEnd">The end of the window that it was chosen from.</param>
internal sealed record RenewalAdvice(DateTimeOffset Time, DateTimeOffset WindowEnd);
