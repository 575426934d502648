using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;
using CertOperator.Secrets;

namespace CertOperator.Controllers.BadInput;

/// <summary>CA Secrets of every quality.</summary>
internal static class CaSecrets
{
    public static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private static readonly CertificateProfile Ca = new()
    {
        Subject = DistinguishedName.FromParts("Test CA", SubjectParts.Empty),
        IsCa = true,
        Usages = ["cert sign", "crl sign"],
    };

    public static JsonObject Good(string name = "ca-key", TimeSpan? duration = null, DateTimeOffset? now = null, NameConstraints? constraints = null)
    {
        using PrivateKey key = Key();
        return Secret(name, Pem.Write([SelfSigned(key, Ca with { NameConstraints = constraints }, duration, now)]), key.ToPem(KeyEncoding.Pkcs8));
    }

    public static JsonObject NotCa()
    {
        using PrivateKey key = Key();
        return Secret("ca-key", Pem.Write([SelfSigned(key, Ca with { IsCa = false, Usages = ["digital signature"] })]), key.ToPem(KeyEncoding.Pkcs8));
    }

    public static JsonObject KeyMismatch()
    {
        using PrivateKey key = Key();
        using PrivateKey other = Key();
        return Secret("ca-key", Pem.Write([SelfSigned(key, Ca)]), other.ToPem(KeyEncoding.Pkcs8));
    }

    /// <summary>A CA by its basic constraints whose key usage is for other things; no tool of ours makes one.</summary>
    public static JsonObject WithoutCertSign()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.CrlSign, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(100));
        return Secret("ca-key", Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
    }

    public static JsonObject WithStrangeRoot()
    {
        using PrivateKey other = Key();
        JsonObject secret = Good();
        secret["data"]![SecretEntries.Ca] = Convert.ToBase64String(Pem.Write([SelfSigned(other, Ca with { Subject = DistinguishedName.FromParts("Strange", SubjectParts.Empty) })]));
        return secret;
    }

    public static JsonObject Of(string certificate, string key) => Secret("ca-key", Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key));

    public static JsonObject Secret(string name, byte[] certificate, byte[] key, string type = Api.Secret.TlsType) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" },
        ["type"] = type,
        ["data"] = new JsonObject { [SecretEntries.Certificate] = Convert.ToBase64String(certificate), [SecretEntries.PrivateKey] = Convert.ToBase64String(key) },
    };

    private static PrivateKey Key() => PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);

    private static IssuedCertificate SelfSigned(PrivateKey key, CertificateProfile profile, TimeSpan? duration = null, DateTimeOffset? now = null)
        => CertificateAuthority.SelfSign(profile, key, duration ?? Year, now ?? TimeProvider.System.GetUtcNow());
}
