using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>HTTP-01 (RFC 8555 section 8.3) by the whole way: CA, nginx, solver Ingress, Service, operator.</summary>
[Collection(OperatorTestGroup.Name)]
public class Http01Tests(OperatorFixture fixture)
{
    private const string Host = "web.example.com";

    [Fact]
    public async Task An_annotated_Ingress_is_validated_through_nginx_which_then_serves_its_certificate()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using NginxIngress nginx = await NginxIngress.StartAsync(acme.Cluster, acme.Name, OperatorInstallation.Namespace);
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = nginx.HttpPort });
        int port = FreePorts.Take(1)[0];
        acme.Own($"/api/v1/namespaces/{OperatorInstallation.Namespace}/services/cert-operator");
        await acme.ApplyAsync(Manifests.OperatorService(port));
        await using ApiProxy proxy = await ApiProxy.StartAsync(acme.Cluster);
        nginx.ReportsAddress = true;
        // The quickest of all ingress controllers.
        proxy.BeforeAnswers(resource => resource == "ingresses" ? nginx.SyncAsync() : Task.CompletedTask);
        await using OperatorProcess certOperator = await installation.StartAsync(proxy: proxy, acmePort: port, selfCheckPort: nginx.HttpPort);

        await acme.AddIssuerAsync(acme.Name, pebble, AcmeNamespace.OverHttp, kind: "ClusterIssuer");
        await acme.ApplyAsync(Manifests.Ingress(acme.Name, "web", $"certoperator.io/cluster-issuer: {acme.Name}"));
        await installation.ReadyAsync(acme.Name);

        X509Certificate2 issued = await acme.VerifiedAsync("web", pebble, Host);
        // The operator looked itself, and only then had the CA look.
        (string client, string path, string status) = nginx.RequestsFor(Host)[0];
        Assert.StartsWith("cert-operator/", client, StringComparison.Ordinal);
        Assert.StartsWith("/.well-known/acme-challenge/", path, StringComparison.Ordinal);
        Assert.Equal("200", status);
        Assert.Contains(nginx.RequestsFor(Host), asked => asked.Client.Contains("Pebble", StringComparison.Ordinal) && asked.Path == path && asked.Status == "200");
        await acme.NothingIsLeftAsync();
        Assert.Empty(proxy.Warnings);
        await nginx.SyncAsync();
        await ServesAsync(nginx, issued, await pebble.RootsAsync(), acme);
    }

    private static async Task ServesAsync(NginxIngress nginx, X509Certificate2 issued, X509Certificate2Collection roots, AcmeNamespace acme)
    {
        string authorities = roots.ExportCertificatePems();
        string file = Path.Combine(acme.Cluster.Folder, $"{acme.Name}-roots.pem");
        await File.WriteAllTextAsync(file, authorities);
        OpenSslAnswer openSsl = await OpenSslClient.ConnectAsync(nginx.HttpsPort, Host, file);
        Assert.True(openSsl.Accepted, openSsl.Output);
        Assert.Equal(issued.Thumbprint, openSsl.Certificates[0].Thumbprint);
        TlsAnswer dotNet = await TlsProbe.GetAsync(nginx.HttpsPort, Host, authorities);
        Assert.Equal(issued.Thumbprint, dotNet.Certificate.Thumbprint);
    }
}
