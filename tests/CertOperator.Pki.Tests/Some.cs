using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;

namespace CertOperator.Pki.Tests;

/// <summary>Valid things of which a test changes what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Duration = TimeSpan.FromDays(90);

    public static PrivateKey Key() => PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);

    public static CertificateProfile Profile(params string[] dnsNames) => new()
    {
        Names = new SubjectNames { DnsNames = dnsNames },
        Usages = ["digital signature", "server auth"],
    };

    public static CertificateProfile CaProfile(string commonName) => new()
    {
        Subject = Name(commonName),
        IsCa = true,
        Usages = ["cert sign", "crl sign"],
    };

    public static DistinguishedName Name(string commonName) => DistinguishedName.FromParts(commonName, SubjectParts.Empty);

    /// <summary>A self-signed CA, valid for ten years from <see cref="Now"/>.</summary>
    public static CertificateAuthority Root(CertificateProfile? profile = null, PrivateKey? key = null)
    {
        key ??= Key();
        return new CertificateAuthority([CertificateAuthority.SelfSign(profile ?? CaProfile("root"), key, TimeSpan.FromDays(3650), Now)], key);
    }

    /// <summary>A CA below another, valid for five years from <see cref="Now"/>.</summary>
    public static CertificateAuthority Intermediate(CertificateAuthority issuer, CertificateProfile? profile = null)
    {
        var key = Key();
        var certificate = issuer.Issue(profile ?? CaProfile("intermediate"), key.PublicKeyInfo, TimeSpan.FromDays(1825), Now);
        return new CertificateAuthority([certificate, .. issuer.Chain], key);
    }

    public static IssuedCertificate Leaf(CertificateAuthority issuer, params string[] dnsNames)
    {
        using var key = Key();
        return issuer.Issue(Profile(dnsNames), key.PublicKeyInfo, Duration, Now);
    }
}
