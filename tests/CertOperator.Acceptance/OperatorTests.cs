using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The published binary on the real API server, under the shipped RBAC.</summary>
public sealed class OperatorTests(ClusterFixture fixture)
{
    private const string Namespace = "cert-operator";

    [Fact]
    public async Task An_annotated_ingress_is_served_with_a_certificate_that_clients_trust()
    {
        TestCluster cluster = await fixture.GetAsync();
        await InstallAsync(cluster);
        await using OperatorProcess certOperator = await StartAsync(cluster);
        Measurements.Add("time to ready", $"{certOperator.TimeToReady.TotalMilliseconds:F0} ms");
        Measurements.Add("idle RSS", $"{certOperator.ResidentBytes / 1_000_000} MB");

        string shop = await cluster.CreateNamespaceAsync("shop");
        await cluster.ApplyAsync(Manifests(shop));
        var ready = await Eventually.GetAsync("both Certificates are ready", async () =>
        {
            CommandResult got = await cluster.KubectlAsync(["get", "certificates", "-n", shop, "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type==\"Ready\")].status} {end}"]);
            return got.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: 2 } lines && lines.All(line => line.EndsWith("=True", StringComparison.Ordinal)) ? got.Output : null;
        });
        Assert.Contains("web=True", ready, StringComparison.Ordinal);

        string ca = (await cluster.KubectlAsync(["get", "secret", "web", "-n", shop, "-o", "jsonpath={.data.ca\\.crt}"])).OrThrow();
        string caFile = Path.Combine(cluster.Folder, $"{shop}-ca.crt");
        await File.WriteAllBytesAsync(caFile, Convert.FromBase64String(ca));
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, shop);
        await nginx.SyncAsync();
        Assert.True((await OpenSslClient.ConnectAsync(nginx.HttpsPort, "web.example.com", caFile)).Accepted);

        // After kill -9, what is as it should be costs no write; advice to an Ingress may be given again, as an event.
        await certOperator.KillAsync();
        long before = cluster.AuditLog.Position;
        await using OperatorProcess restarted = await StartAsync(cluster);
        await cluster.KubectlAsync(["label", "certificate", "web", "-n", shop, "touched=yes"]);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        string[] writes =
        [
            .. cluster.AuditLog.Read(AuditLog.UserName(Namespace, "cert-operator"), before)
                .Where(entry => entry.IsWrite && entry.Namespace == shop && entry.Resource != "events")
                .Select(entry => $"{entry.Verb} {entry.Resource}/{entry.Subresource} {entry.Name} {entry.Code}"),
        ];
        Assert.Empty(writes);
    }

    private static async Task InstallAsync(TestCluster cluster)
    {
        await cluster.KubectlAsync(["create", "namespace", Namespace]);
        foreach (string file in (string[])["crd/crds.yaml", "rbac/rbac.yaml"])
            (await cluster.KubectlAsync(["apply", "--validate=false", "-f", Path.Combine(Repository.Root, "config", file)])).OrThrow();
        foreach (string kind in (string[])["certificates", "issuers", "clusterissuers"])
            (await cluster.KubectlAsync(["wait", "--for=condition=Established", $"crd/{kind}.certoperator.io", "--timeout=30s"])).OrThrow();
    }

    private static async Task<OperatorProcess> StartAsync(TestCluster cluster)
    {
        int port = FreePorts.Take(1)[0];
        string kubeconfig = await cluster.ServiceAccountKubeconfigAsync(Namespace, "cert-operator");
        return await OperatorProcess.StartAsync(
            Repository.OperatorBinary,
            ["run", "--kubeconfig", kubeconfig, "--namespace", Namespace, "--listen", $"127.0.0.1:{port}", "--acme-listen", "127.0.0.1:0", "--leader-elect", "false"],
            port,
            Path.Combine(cluster.Folder, $"operator-{port}.log"));
    }

    private static string Manifests(string ns) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: bootstrap, namespace: {{ns}} }
        spec: {selfSigned: {} }
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: root, namespace: {{ns}} }
        spec: {secretName: root, issuerRef: {name: bootstrap}, commonName: Root, isCA: true, duration: 87600h}
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: ca, namespace: {{ns}} }
        spec: {ca: {secretName: root} }
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: web
          namespace: {{ns}}
          annotations:
            certoperator.io/issuer: ca
        spec:
          tls:
            - hosts: [web.example.com]
              secretName: web
          rules:
            - host: web.example.com
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: web, port: {number: 80} } }
        """;
}
