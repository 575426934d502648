using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Pages;

/// <summary><c>docs/first-certificate.md</c>, word for word on a cluster of its own, with Pebble for Let's Encrypt.</summary>
public class TourTests
{
    private const string LetsEncrypt = "server: https://acme-staging-v02.api.letsencrypt.org/directory";

    /// <summary>The cluster that the page is followed on.</summary>
    protected virtual ClusterVersion Version => ClusterVersion.Oldest;

    [Fact, RunsPage("docs/first-certificate.md")]
    public async Task Whoever_follows_the_page_has_certificates_of_both_issuers()
    {
        await using TestCluster cluster = await MissingPart.SkipsAsync(() => TestCluster.StartAsync(Version));
        OperatorInstallation installation = await OperatorInstallation.InstallAsync(cluster);
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, "shop", OperatorInstallation.Namespace);
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = nginx.HttpPort });
        int port = FreePorts.Take(1)[0];
        await cluster.ApplyAsync(Manifests.OperatorService(port));
        await using ApiProxy proxy = await ApiProxy.StartAsync(cluster);
        proxy.BeforeAnswers(resource => resource is "ingresses" or "secrets" ? nginx.SyncAsync() : Task.CompletedTask);
        await using OperatorProcess certOperator = await installation.StartAsync(proxy: proxy, acmePort: port);
        string trust = Convert.ToBase64String(Encoding.ASCII.GetBytes(pebble.TrustPem));

        IReadOnlyList<string> printed = await new ShellPage(cluster.Folder, cluster)
        {
            Replaced = new Dictionary<string, string> { [LetsEncrypt] = $"server: {pebble.DirectoryUrl}\n    caBundle: {trust}" },
        }.RunAsync();

        Assert.Contains(printed, text => text.Contains("issuer=CN = Company Root CA", StringComparison.Ordinal) && text.Contains("DNS:shop.example.com", StringComparison.Ordinal));
        JsonNode secret = await cluster.Admin.GetAsync("/api/v1/namespaces/shop/secrets/shop-tls");
        using var served = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String((string)secret["data"]!["tls.crt"]!)));
        Assert.Contains("Pebble", served.Issuer, StringComparison.Ordinal);
    }
}
