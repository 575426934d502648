using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The published binary on the real API server, with Pebble as the CA, which asks the operator itself about its challenges.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class AcmeTests(OperatorFixture fixture)
{
    private const string Ingresses = $"/apis/networking.k8s.io/v1/namespaces/{OperatorInstallation.Namespace}/ingresses";

    [Fact]
    public async Task An_annotated_Ingress_gets_a_certificate_over_HTTP01_and_nothing_is_left_behind()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = port });
        await using OperatorProcess certOperator = await installation.StartAsync(acmePort: port);
        string ns = await installation.Cluster.CreateNamespaceAsync("acme");
        await IssueAsync(installation, pebble, ns);

        JsonNode secret = await installation.Cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/web");
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]!["tls.crt"]!)));
        using var verifier = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        verifier.ChainPolicy.CustomTrustStore.AddRange(await pebble.RootsAsync());
        verifier.ChainPolicy.ExtraStore.AddRange(chain);
        Assert.True(verifier.Build(chain[0]), string.Join(' ', verifier.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(chain[0].MatchesHostname("web.example.com"));
        var pending = await installation.Cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/secrets");
        Assert.DoesNotContain(pending!, left => (string?)left["type"] == "certoperator.io/pending-key");
    }

    /// <summary>An Issuer at Pebble, an annotated Ingress, and the wait until its certificate is there and the solver's Ingress is gone.</summary>
    internal static async Task IssueAsync(OperatorInstallation installation, PebbleServer pebble, string ns)
    {
        TestCluster cluster = installation.Cluster;
        await cluster.ApplyAsync($$"""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: acme, namespace: {{ns}} }
            spec:
              acme:
                server: {{pebble.DirectoryUrl}}
                caBundle: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(pebble.TrustPem))}}
                privateKeySecretRef: {name: account}
                selfCheck: "Off"
                solvers: [{http01: {ingress: {ingressClassName: nginx} } }]
            """);
        await cluster.ApplyAsync(Manifests.Ingress(ns, "web", "certoperator.io/issuer: acme"));
        await installation.ReadyAsync(ns);
        await Eventually.HoldsAsync("no solver Ingress is left", async () => await cluster.Admin.ListAsync(Ingresses) is { Count: 0 });
    }
}
