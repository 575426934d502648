using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks.Scale;

/// <summary>The CA of the run. It is made and its certificates are verified by .NET's own classes, not by the operator's.</summary>
internal sealed class ScaleAuthority : IDisposable
{
    /// <summary>The ClusterIssuer.</summary>
    public const string Issuer = "scale";

    private readonly X509Certificate2 _certificate;

    private ScaleAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Makes a CA, stores it in the operator's namespace, and has a ClusterIssuer name it.</summary>
    public static async Task<ScaleAuthority> CreateAsync(TestCluster cluster)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Scale CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(10));
        await cluster.Admin.CreateAsync($"/api/v1/namespaces/{Installation.Namespace}/secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Issuer },
            ["type"] = "kubernetes.io/tls",
            ["stringData"] = new JsonObject { ["tls.crt"] = certificate.ExportCertificatePem(), ["tls.key"] = key.ExportPkcs8PrivateKeyPem() },
        });
        await cluster.Admin.CreateAsync("/apis/certoperator.io/v1/clusterissuers", new JsonObject
        {
            ["apiVersion"] = "certoperator.io/v1",
            ["kind"] = "ClusterIssuer",
            ["metadata"] = new JsonObject { ["name"] = Issuer },
            ["spec"] = new JsonObject { ["ca"] = new JsonObject { ["secretName"] = Issuer } },
        });
        return new ScaleAuthority(certificate);
    }

    /// <summary>Why the pair of a Secret is no certificate of this CA for a host; null if it is one.</summary>
    public string? Complaint(JsonNode secret, string host) => SecretCheck.Complaint(secret, host, [_certificate]);

    public void Dispose() => _certificate.Dispose();
}
