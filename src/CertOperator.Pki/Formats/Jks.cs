using CertOperator.Pki.Chains;
using CertOperator.Pki.Keys;
using Org.BouncyCastle.Security;

namespace CertOperator.Pki.Formats;

/// <summary>Java's older key store, for software that does not read PKCS#12.</summary>
public static class Jks
{
    /// <summary>One entry with the key and its chain without the anchor; the key and the store have the same password.</summary>
    public static byte[] Create(CertificateChain chain, PrivateKey key, string password, string alias)
    {
        var store = new JksStore();
        store.SetKeyEntry(alias, key.ToBouncyCastle(), password.AsSpan(), [.. chain.Certificates.Select(c => c.ToBouncyCastle())]);
        return Save(store, password);
    }

    /// <summary>Trusted certificates under the aliases ca-0, ca-1 and so on.</summary>
    public static byte[] CreateTrustStore(IReadOnlyList<IssuedCertificate> anchors, string password)
    {
        var store = new JksStore();
        for (var i = 0; i < anchors.Count; i++)
            store.SetCertificateEntry($"ca-{i}", anchors[i].ToBouncyCastle());
        return Save(store, password);
    }

    private static byte[] Save(JksStore store, string password)
    {
        using var stream = new MemoryStream();
        store.Save(stream, password.AsSpan());
        return stream.ToArray();
    }
}
