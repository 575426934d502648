using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Acme.Renewal;

/// <summary>When to renew a certificate, as a pure function: replicas and restarts agree (RFC 9773 section 4.2).</summary>
public static class RenewalSchedule
{
    /// <param name="notBefore">Of the certificate.</param>
    /// <param name="notAfter">Of the certificate.</param>
    /// <param name="info">What the CA said last; null if nothing.</param>
    /// <param name="seed">Tells certificates apart: the <see cref="CertificateId"/>'s text.</param>
    /// <param name="policy">What holds without the CA's advice.</param>
    /// <param name="now">An expired certificate is not asked about.</param>
    public static RenewalDecision Compute(DateTimeOffset notBefore, DateTimeOffset notAfter, RenewalInfo? info, string seed, RenewalPolicy policy, DateTimeOffset now)
    {
        var lifetime = notAfter - notBefore;
        var floor = notAfter - SafetyMargin(lifetime);
        if (info is null) return new RenewalDecision(notAfter - RenewBefore(lifetime, policy), null, RenewalReason.Policy);
        DateTimeOffset? nextCheck = now < notAfter ? info.NextCheck : null;
        var chosen = Choose(info, seed);
        return chosen <= floor
            ? new RenewalDecision(chosen, nextCheck, RenewalReason.SuggestedWindow)
            : new RenewalDecision(floor, nextCheck, RenewalReason.SafetyFloor);
    }

    /// <summary>One instant of the window, evenly distributed over certificates, and always the same for one certificate and window.</summary>
    public static DateTimeOffset Choose(RenewalInfo info, string seed)
    {
        var input = $"{seed}|{info.Start.UtcTicks}|{info.End.UtcTicks}";
        var draw = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(input)));
        var width = (ulong)(info.End - info.Start).Ticks;
        return info.Start.AddTicks((long)Math.BigMul(draw, width, out _));
    }

    /// <summary>Time left at which a certificate is renewed whatever the CA says: a tenth of its lifetime, or a quarter of a short one.</summary>
    public static TimeSpan SafetyMargin(TimeSpan lifetime) => lifetime / (lifetime < RenewalPolicy.ShortLifetime ? 4 : 10);

    private static TimeSpan RenewBefore(TimeSpan lifetime, RenewalPolicy policy)
        => policy.RenewBefore is { } asked && asked < lifetime ? asked : lifetime / (lifetime < RenewalPolicy.ShortLifetime ? 2 : 3);
}
