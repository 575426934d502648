using CertOperator.Api;
using CertOperator.Pki.Requests;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// What a public CA decided otherwise than the spec asks. Ordering again would change nothing and use up the CA's limits, so it is told
/// and left at that. Pure.
/// </summary>
internal static class CaDecisions
{
    /// <summary>A CA may date a certificate back a little, and end it a second sooner.</summary>
    private const double DurationSlack = 0.01;

    /// <summary>One sentence each, for a stored certificate that satisfies the spec otherwise.</summary>
    public static IReadOnlyList<string> Find(Situation situation)
        => situation is { Signer.IsAcme: true, OwnsSecret: true, Desired: { } desired, Secret.Certificate: { } stored }
            ? [.. Decided(situation.Spec, desired, stored)]
            : [];

    private static IEnumerable<string> Decided(CertificateSpec spec, DesiredCertificate desired, CertificateFacts stored)
    {
        // Of what the operator added by itself nobody needs to hear.
        if (spec.Usages is { Count: > 0 } && SecretShortfall.MissingUsages(desired, stored) is { Count: > 0 } missing)
            yield return $"The CA left out the usages {string.Join(", ", missing)}: remove them from usages, or use another issuer.";
        if (desired.Profile.Subject is var subject && !subject.Equals(DistinguishedName.Empty) && !stored.Subject.Equals(subject))
            yield return $"The CA chose the subject \"{stored.Subject}\" itself: public CAs do not take one from commonName and subject.";
        TimeSpan lifetime = TimeSpan.FromMinutes(Math.Ceiling((stored.NotAfter - stored.NotBefore).TotalMinutes));
        if (spec.Duration is not null && lifetime < desired.Duration * (1 - DurationSlack))
            yield return $"The CA gave {GoDuration.Format(lifetime)} of the {GoDuration.Format(desired.Duration)} that duration asks for.";
    }
}
