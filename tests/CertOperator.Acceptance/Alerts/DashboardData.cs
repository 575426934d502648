using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Testing.Monitoring;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Alerts;

/// <summary>What a fleet has to have for the panels of the dashboards to have something to show, and whether they do.</summary>
internal static class DashboardData
{
    /// <summary>Panels that are empty where there is no ACME server and nothing is refused.</summary>
    private static readonly HashSet<string> MayBeEmpty =
        ["Requests", "Refusals", "Orders left", "Request time", "Failed reconciles", "Refused requests", "Dropped events", "Exceptions", "Served with another certificate"];

    /// <summary>A Certificate whose CA may not sign for its name, a certificate of somebody else, an Ingress that asks for one and names no Secret, and one with the default certificate.</summary>
    public static string Trouble(string ns) => $$"""
        {{Manifests.Certificate(ns, "narrow", "isCA: true, commonName: Narrow, nameConstraints: {permitted: {dnsDomains: [elsewhere.example]} }")}}
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: narrow, namespace: {{ns}} }
        spec: {ca: {secretName: narrow} }
        ---
        {{Manifests.Certificate(ns, "blocked", issuer: "{name: narrow}")}}
        apiVersion: v1
        kind: Secret
        metadata: {name: bought, namespace: {{ns}} }
        type: kubernetes.io/tls
        data: {{{Bought()}}}
        ---
        {{Manifests.Ingress(ns, "lost", $"certoperator.io/cluster-issuer: {Manifests.Issuer}", "{hosts: [lost.example.com]}")}}
        {{Manifests.Ingress(ns, "bare", "", "{hosts: [bare.example.com]}")}}
        """;

    /// <summary>Waits until each expression gives something, and fails if one cannot be evaluated.</summary>
    public static async Task AssertShownAsync(PrometheusServer prometheus)
    {
        Assert.Empty(MayBeEmpty.Except(Dashboards.Panels.Select(panel => panel.Title)));
        foreach (DashboardPanel panel in Dashboards.Panels)
        {
            foreach ((string expression, int number) in panel.Expressions.Select((expression, number) => (expression, number)))
            {
                // One column of the table of issuers is of ACME.
                if (MayBeEmpty.Contains(panel.Title) || (panel.Title, number) == ("Issuers", 2))
                    await prometheus.CountAsync(expression);
                else
                    await Eventually.HoldsAsync($"{panel} shows something for {expression}", async () => await prometheus.CountAsync(expression) > 0);
            }
        }
    }

    private static string Bought()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=bought.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-80), now.AddDays(10));
        return $"tls.crt: {Encode(certificate.ExportCertificatePem())}, tls.key: {Encode(key.ExportPkcs8PrivateKeyPem())}";

        static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
    }
}
