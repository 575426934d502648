using System.Net;
using System.Security.Authentication;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

public sealed class NginxIngressTests(ClusterFixture fixture) : IDisposable
{
    private const string Host = "shop.example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-tls-");

    private string CertificateFile => Path.Combine(_folder.FullName, "tls.crt");

    private string KeyFile => Path.Combine(_folder.FullName, "tls.key");

    [Fact]
    public async Task Both_clients_accept_the_certificate_that_the_Secret_holds()
    {
        var cluster = await fixture.GetAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Ingress, ns);
        await using var ingress = await NginxIngress.StartAsync(cluster, ns);
        await MakeCertificateAsync();
        (await cluster.KubectlAsync(["-n", ns, "create", "secret", "tls", "shop-tls", "--cert", CertificateFile, "--key", KeyFile])).OrThrow();

        await ingress.SyncAsync();

        var openSsl = await OpenSslClient.ConnectAsync(ingress.HttpsPort, Host, CertificateFile);
        Assert.True(openSsl.Accepted, openSsl.Output);
        Assert.Equal($"CN={Host}", Assert.Single(openSsl.Certificates).Subject);
        var dotNet = await TlsProbe.GetAsync(ingress.HttpsPort, Host, await File.ReadAllTextAsync(CertificateFile));
        Assert.Equal((HttpStatusCode.OK, Host), (dotNet.Status, dotNet.Body));
        Assert.Equal(openSsl.Certificates[0].Thumbprint, dotNet.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Both_clients_refuse_the_default_certificate_that_stands_in_for_a_missing_Secret()
    {
        var cluster = await fixture.GetAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Ingress, ns);
        await MakeCertificateAsync();

        await using var ingress = await NginxIngress.StartAsync(cluster, ns);

        var openSsl = await OpenSslClient.ConnectAsync(ingress.HttpsPort, Host, CertificateFile);
        Assert.False(openSsl.Accepted, openSsl.Output);
        Assert.Contains("Default certificate", Assert.Single(openSsl.Certificates).Subject, StringComparison.Ordinal);
        var authorities = await File.ReadAllTextAsync(CertificateFile);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => TlsProbe.GetAsync(ingress.HttpsPort, Host, authorities));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private const string Ingress = $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
        spec:
          tls:
          - hosts: ["{{Host}}"]
            secretName: shop-tls
          rules:
          - host: {{Host}}
            http:
              paths:
              - path: /
                pathType: Prefix
                backend:
                  service:
                    name: shop
                    port:
                      number: 80
        """;

    private async Task MakeCertificateAsync()
    {
        var made = await Command.RunAsync("openssl",
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", $"/CN={Host}", "-addext", $"subjectAltName=DNS:{Host}", "-keyout", KeyFile, "-out", CertificateFile,
        ]);
        made.OrThrow();
    }
}
