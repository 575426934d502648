using System.Text;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Keys;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace CertOperator.Pki.Formats;

/// <summary>PKCS#12 stores, RFC 7292.</summary>
public static class Pkcs12
{
    /// <summary>One entry with the key and its chain without the anchor.</summary>
    public static byte[] Create(CertificateChain chain, PrivateKey key, string password, string alias, Pkcs12Profile profile)
    {
        var store = NewStore(profile);
        store.SetKeyEntry(
            alias,
            new AsymmetricKeyEntry(key.ToBouncyCastle()),
            [.. chain.Certificates.Select(certificate => new X509CertificateEntry(certificate.ToBouncyCastle()))]);
        return Save(store, password, profile);
    }

    /// <summary>Trusted certificates under the aliases ca-0, ca-1 and so on, marked so that Java trusts them.</summary>
    public static byte[] CreateTrustStore(
        IReadOnlyList<IssuedCertificate> anchors, string password, Pkcs12Profile profile = Pkcs12Profile.Modern2023)
    {
        var store = NewStore(profile);
        for (var i = 0; i < anchors.Count; i++)
            store.SetCertificateEntry($"ca-{i}", new X509CertificateEntry(anchors[i].ToBouncyCastle()));
        return Save(store, password, profile);
    }

    private static Pkcs12Store NewStore(Pkcs12Profile profile)
    {
        var builder = new Pkcs12StoreBuilder().SetUseDerEncoding(true).SetEnableOracleTrustedKeyUsage(true);
        var tripleDes = PkcsObjectIdentifiers.PbeWithShaAnd3KeyTripleDesCbc;
        builder = profile switch
        {
            Pkcs12Profile.LegacyRC2 => builder.SetKeyAlgorithm(tripleDes).SetCertAlgorithm(PkcsObjectIdentifiers.PbewithShaAnd40BitRC2Cbc),
            Pkcs12Profile.LegacyDES => builder.SetKeyAlgorithm(tripleDes).SetCertAlgorithm(tripleDes),
            Pkcs12Profile.Modern2023 => builder
                .SetKeyAlgorithm(NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256)
                .SetCertAlgorithm(NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256),
            _ => throw new ArgumentOutOfRangeException(nameof(profile)),
        };
        return builder.Build();
    }

    private static byte[] Save(Pkcs12Store store, string password, Pkcs12Profile profile)
    {
        using var stream = new MemoryStream();
        if (profile != Pkcs12Profile.Modern2023)
        {
            store.Save(stream, password.ToCharArray(), new SecureRandom());
            return stream.ToArray();
        }
        // Readers derive PBES2 keys from the password in UTF-8; BouncyCastle takes the low octet of each character.
        store.Save(stream, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(password)).ToCharArray(), new SecureRandom());
        return Pkcs12Mac.WithSha256(stream.ToArray(), password);
    }
}
