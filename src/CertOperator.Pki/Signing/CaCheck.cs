using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Signing;

/// <summary>Whether a chain and a key can issue certificates at a time.</summary>
internal static class CaCheck
{
    private const int MinRsaSize = 2048;

    public static IEnumerable<CaProblem> Problems(IReadOnlyList<IssuedCertificate> chain, PrivateKey key, DateTimeOffset now)
    {
        var ca = chain[0];
        if (!ca.HasSameKeyAs(key.PublicKeyInfo))
            yield return new(
                CaProblemCode.KeyMismatch,
                $"The private key does not belong to the CA certificate {ca}: store the pair that was made together.");
        if (!ca.IsCa)
            yield return new(CaProblemCode.NotCa, $"The certificate {ca} is not a CA: its basic constraints do not say so.");
        if (ca.KeyUsages is { } usages && !usages.HasFlag(KeyUsages.CertSign))
            yield return new(
                CaProblemCode.LacksCertSign,
                $"The CA certificate {ca} may not sign certificates: its key usage lacks \"cert sign\".");
        if (ca is { PublicKeyAlgorithm: KeyAlgorithm.Rsa, KeySize: < MinRsaSize })
            yield return new(
                CaProblemCode.WeakKey,
                $"The CA certificate {ca} has an RSA key of {ca.KeySize} bits: use at least {MinRsaSize}.");
        foreach (var certificate in chain)
        {
            if (now < certificate.NotBefore)
                yield return new(
                    CaProblemCode.NotYetValid,
                    $"The CA certificate {certificate} is not valid before {certificate.NotBefore:u}.");
            if (now > certificate.NotAfter)
                yield return new(CaProblemCode.Expired, $"The CA certificate {certificate} expired at {certificate.NotAfter:u}: renew it.");
        }
        foreach (var (certificate, issuer) in chain.Zip(chain.Skip(1)))
        {
            if (!certificate.IsSignedBy(issuer))
                yield return new(
                    CaProblemCode.BrokenChain,
                    $"The CA certificate {certificate} is not signed by the one stored after it, {issuer}.");
        }
    }
}
