using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing.Cluster;

/// <summary>The key pair by which a server believes kube-apiserver who sent the request that it passes on.</summary>
internal static class FrontProxy
{
    public const string Name = "front-proxy";

    public static string AuthorityPath(string folder) => Path.Combine(folder, "front-proxy-ca.crt");

    public static string CertificatePath(string folder) => Path.Combine(folder, "front-proxy.crt");

    public static string KeyPath(string folder) => Path.Combine(folder, "front-proxy.key");

    /// <summary>Writes a new authority and a client certificate that it signed.</summary>
    public static void Write(string folder)
    {
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddMinutes(-5), to = from.AddDays(1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=front-proxy-ca", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signer = authority.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var client = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        client.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = client.Create(signer, from, to, [1]);

        File.WriteAllText(AuthorityPath(folder), signer.ExportCertificatePem());
        File.WriteAllText(CertificatePath(folder), certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath(folder), key.ExportPkcs8PrivateKeyPem());
    }
}
