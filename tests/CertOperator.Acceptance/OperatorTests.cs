using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;

namespace CertOperator.Acceptance;

/// <summary>The published binary on the real API server, under the shipped RBAC.</summary>
[Collection(OperatorTestGroup.Name)]
public class OperatorTests(OperatorFixture fixture)
{
    [Fact]
    public async Task An_annotated_Ingress_is_served_with_a_chain_that_clients_trust()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await cluster.CreateNamespaceAsync("shop");
        await cluster.ApplyAsync(Manifests.IntermediateCa(ns) + Manifests.Ingress(ns, "web", "certoperator.io/issuer: intermediate"));
        await installation.ReadyAsync(ns, 2);

        string authorities = await AuthoritiesAsync(cluster, ns, "web");
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, ns);
        string file = Path.Combine(cluster.Folder, $"{ns}-ca.crt");
        await File.WriteAllTextAsync(file, authorities);
        OpenSslAnswer openSsl = await OpenSslClient.ConnectAsync(nginx.HttpsPort, "web.example.com", file);
        Assert.True(openSsl.Accepted, openSsl.Output);
        Assert.Equal(2, openSsl.Certificates.Count);
        TlsAnswer dotNet = await TlsProbe.GetAsync(nginx.HttpsPort, "web.example.com", authorities);
        Assert.Equal((HttpStatusCode.OK, "web.example.com"), (dotNet.Status, dotNet.Body));
        Assert.Equal(openSsl.Certificates[0].Thumbprint, dotNet.Certificate.Thumbprint);
        Assert.Equal(["intermediate", "web"], await OpenSslReader.VerifyAllAsync(cluster, ns));
    }

    [Fact]
    public async Task An_annotated_Gateway_has_a_Secret_that_goes_with_no_Gateway()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await cluster.CreateNamespaceAsync("edge");
        await cluster.ApplyAsync(Manifests.Gateway(ns, "web"));
        JsonNode certificate = Assert.Single(await installation.ReadyAsync(ns));

        Assert.Equal("Gateway", (string?)Assert.Single(certificate["metadata"]!["ownerReferences"]!.AsArray())!["kind"]);
        Assert.Equal(["web"], await OpenSslReader.VerifyAllAsync(cluster, ns));
        await cluster.ApplyAsync(Manifests.Gateway(ns, "web", ""));
        await installation.ReadyAsync(ns, 0);
        Assert.Equal(["web"], await OpenSslReader.VerifyAllAsync(cluster, ns));
    }

    [Fact]
    public async Task OpenSSL_reads_certificates_of_every_key_and_kind()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await installation.Cluster.CreateNamespaceAsync("kinds");
        (string Name, string Spec)[] kinds =
        [
            ("rsa", "privateKey: {algorithm: RSA, size: 2048, encoding: PKCS1}"),
            ("p384", "privateKey: {algorithm: ECDSA, size: 384, encoding: PKCS1}"),
            ("ed25519", "privateKey: {algorithm: Ed25519}"),
            ("names", "commonName: names.example.com, ipAddresses: [192.0.2.1, '2001:db8::1'], uris: ['spiffe://example.com/web'], emailAddresses: [web@example.com]"),
            ("client", "usages: [digital signature, client auth], subject: {organizations: [Example], countries: [GB]}"),
        ];

        await installation.Cluster.ApplyAsync(string.Concat(kinds.Select(kind => Manifests.Certificate(ns, kind.Name, kind.Spec))));
        await installation.ReadyAsync(ns, kinds.Length);

        Assert.Equal(kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal), await OpenSslReader.VerifyAllAsync(installation.Cluster, ns));
        Assert.Equal([Manifests.Issuer], await OpenSslReader.VerifyAllAsync(installation.Cluster, OperatorInstallation.Namespace));
    }

    private static async Task<string> AuthoritiesAsync(TestCluster cluster, string ns, string secret)
    {
        JsonNode stored = await cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/{secret}");
        return Encoding.UTF8.GetString(Convert.FromBase64String((string)stored["data"]!["ca.crt"]!));
    }
}
