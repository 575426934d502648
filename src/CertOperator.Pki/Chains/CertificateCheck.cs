using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Chains;

/// <summary>What can be said of a certificate without the others.</summary>
internal static class CertificateCheck
{
    private const int MinRsaSize = 2048;

    public static IEnumerable<ChainProblem> Problems(IssuedCertificate certificate, bool isAnchor, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
            yield return new(
                ChainProblemCode.NotYetValid,
                $"The certificate {certificate} is not valid before {certificate.NotBefore:u}.",
                certificate);
        if (now > certificate.NotAfter)
            yield return new(ChainProblemCode.Expired, $"The certificate {certificate} expired at {certificate.NotAfter:u}.", certificate);
        if (certificate is { PublicKeyAlgorithm: KeyAlgorithm.Rsa, KeySize: < MinRsaSize })
            yield return new(
                ChainProblemCode.WeakKey,
                $"The certificate {certificate} has an RSA key of {certificate.KeySize} bits: clients refuse less than {MinRsaSize}.",
                certificate);
        // Nobody relies on what a root says of itself.
        if (certificate.HasWeakSignature && !(isAnchor && certificate.IsSelfSigned))
            yield return new(
                ChainProblemCode.WeakSignature,
                $"The certificate {certificate} is signed with a broken hash ({certificate.SignatureAlgorithmOid}): clients refuse it.",
                certificate);
        foreach (var oid in certificate.UnknownCriticalExtensions)
            yield return new(
                ChainProblemCode.UnknownCriticalExtension,
                $"The certificate {certificate} has the critical extension {oid}, which is not understood.",
                certificate);
    }
}
