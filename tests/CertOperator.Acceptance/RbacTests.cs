using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Acceptance.Acme;
using CertOperator.Testing;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The shipped RBAC grants what the operator's features use, no less and no more.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class RbacTests(OperatorFixture fixture)
{
    private const string Lease = $"/apis/coordination.k8s.io/v1/namespaces/{OperatorInstallation.Namespace}/leases/cert-operator";

    [Fact]
    public async Task Every_right_that_is_granted_is_used_and_none_is_missing()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        // A replica of another test may have left the Lease; the first one ever makes it.
        if (await cluster.Admin.FindAsync(Lease) is not null)
            await cluster.Admin.DeleteAsync(Lease);
        string ns = await cluster.CreateNamespaceAsync("rbac");
        long since = cluster.AuditLog.Position;
        int acmePort = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = acmePort });
        await using OperatorProcess certOperator = await installation.StartAsync(leaderElect: true, acmePort: acmePort);

        await UseEveryIssuerAsync(installation, ns);
        await UseEverySourceAsync(installation, ns);
        await RepeatAnEventAsync(installation, ns);
        await UseEveryOutputAsync(installation, ns);
        await UseAcmeAsync(installation, pebble);
        await Eventually.HoldsAsync("the Lease is renewed", () => Task.FromResult(
            installation.Requests(since).Any(entry => entry is { Resource: "leases", Verb: "update" })));
        await certOperator.StopAsync();
        // A watch may be in the log only after its end, which the API server notices a little later.
        await Eventually.HoldsAsync("every watch is logged", () => Task.FromResult(Kinds("watch") == Kinds("list")));

        IReadOnlyList<Right> granted = Right.Granted(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "rbac", "rbac.yaml")));
        Right[] used = [.. Granted(since).SelectMany(Right.Used).Distinct()];
        Assert.Equal([], granted.Where(right => !used.Any(right.Covers)));
        Assert.Equal([], used.Where(right => !granted.Any(rule => rule.Covers(right))));
        // Not of this test alone: nothing that any test had the operator do was refused.
        Assert.Equal([], Granted(0).Where(entry => entry.Code is 401 or 403));

        // The rights to HTTPRoutes are a file of their own: without it, one refused list at the start tells that there are none.
        IEnumerable<AuditEntry> Granted(long from) => installation.Requests(from).Where(entry => entry.Resource != "httproutes");

        int Kinds(string verb) => Granted(since).Where(entry => entry.Verb == verb).DistinctBy(entry => entry.Resource).Count();
    }

    private static async Task UseEveryIssuerAsync(OperatorInstallation installation, string ns)
    {
        await installation.Cluster.ApplyAsync($$"""
            apiVersion: certoperator.io/v1
            kind: ClusterIssuer
            metadata: {name: {{ns}} }
            spec: {selfSigned: {}, constraints: [{namespaceSelector: {matchExpressions: [{key: absent, operator: DoesNotExist}]}, allowCA: true}]}
            ---
            {{Manifests.Certificate(ns, "root", "isCA: true, commonName: Root", $"{{name: {ns}, kind: ClusterIssuer}}")}}
            ---
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: ca, namespace: {{ns}} }
            spec: {ca: {secretName: root} }
            ---
            {{Manifests.Certificate(ns, "leaf", issuer: "{name: ca}")}}
            """);
        await installation.ReadyAsync(ns, 2);
    }

    /// <summary>An Ingress, a Service and a Gateway make Certificates, an annotation changes one, and the loss of it removes them.</summary>
    private static async Task UseEverySourceAsync(OperatorInstallation installation, string ns)
    {
        const string Annotated = $"certoperator.io/cluster-issuer: {Manifests.Issuer}";
        TestCluster cluster = installation.Cluster;
        await cluster.ApplyAsync(Manifests.Ingress(ns, "web") + Manifests.Gateway(ns, "edge") + Service(ns, Annotated));
        await installation.ReadyAsync(ns, 5);
        await cluster.ApplyAsync(Manifests.Ingress(ns, "web", $"{Annotated}, certoperator.io/duration: 100h"));
        await Eventually.HoldsAsync("the Certificate follows its annotation", async () =>
            (string?)(await cluster.Admin.GetAsync(Certificate(ns, "web")))["spec"]!["duration"] == "100h");
        await cluster.ApplyAsync(Manifests.Ingress(ns, "web", "") + Manifests.Gateway(ns, "edge", "") + Service(ns, ""));
        await installation.ReadyAsync(ns, 2);
    }

    /// <summary>A keystore whose password is in a Secret, a Secret that goes with its Certificate, and one that is adopted.</summary>
    private static async Task UseEveryOutputAsync(OperatorInstallation installation, string ns)
    {
        TestCluster cluster = installation.Cluster;
        const string Outputs = "secretDeletionPolicy: Delete, keystores: {pkcs12: {create: true, passwordSecretRef: {name: password, key: password} } }";
        await cluster.Admin.CreateAsync($"/api/v1/namespaces/{ns}/secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "password" },
            ["data"] = new JsonObject { ["password"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("changeit")) },
        });
        await cluster.ApplyAsync(Manifests.Certificate(ns, "store", Outputs));
        await installation.ReadyAsync(ns, 3);
        Assert.NotNull((await cluster.Admin.GetAsync(Secret(ns, "store")))["data"]!["keystore.p12"]);
        await cluster.Admin.DeleteAsync(Certificate(ns, "store"));
        // The garbage collector looks for new kinds every 30 seconds, and knows none of the operator's before that.
        await Eventually.HoldsAsync(
            "the Secret goes with its Certificate", async () => await cluster.Admin.FindAsync(Secret(ns, "store")) is null, TimeSpan.FromSeconds(90));

        JsonNode kept = await cluster.Admin.GetAsync(Secret(ns, "leaf"));
        await cluster.Admin.DeleteAsync(Certificate(ns, "leaf"));
        await cluster.Admin.PatchAsync(Secret(ns, "leaf"), new JsonObject { ["metadata"] = new JsonObject { ["labels"] = null, ["annotations"] = null } });
        await cluster.ApplyAsync(Manifests.Certificate(ns, "leaf", issuer: "{name: ca}"));
        await installation.ReadyAsync(ns, 2);
        Assert.Equal((string?)kept["data"]!["tls.crt"], (string?)(await cluster.Admin.GetAsync(Secret(ns, "leaf")))["data"]!["tls.crt"]);
        Assert.Contains("leaf", await OpenSslReader.VerifyAllAsync(cluster, ns));
    }

    private static async Task UseAcmeAsync(OperatorInstallation installation, PebbleServer pebble)
    {
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await acme.AddIssuerAsync("acme", pebble, AcmeNamespace.OverHttp, "selfCheck: \"Off\"");
        await acme.ApplyAsync(Manifests.Ingress(acme.Name, "web", "certoperator.io/issuer: acme"));
        await installation.ReadyAsync(acme.Name);
        await acme.NothingIsLeftAsync();
    }

    /// <summary>The same mistake twice: the second time raises the count of the first event.</summary>
    private static async Task RepeatAnEventAsync(OperatorInstallation installation, string ns)
    {
        TestCluster cluster = installation.Cluster;
        await cluster.ApplyAsync(Manifests.Ingress(ns, "bad", tls: "{hosts: [bad.example.com]}"));
        await EventCountAsync(1);
        await cluster.ApplyAsync(Manifests.Ingress(ns, "bad"));
        await installation.ReadyAsync(ns, 3);
        await cluster.ApplyAsync(Manifests.Ingress(ns, "bad", tls: "{hosts: [bad.example.com]}"));
        await EventCountAsync(2);
        await installation.ReadyAsync(ns, 2);

        Task EventCountAsync(int count) => Eventually.HoldsAsync($"the event was told {count} times", async () =>
            (await cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/events"))
                .Any(e => (string?)e["reason"] == "TlsWithoutSecretName" && (int?)e["count"] == count));
    }

    private static string Service(string ns, string annotations) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: {{ns}}, annotations: { {{annotations}} } }
        spec: {ports: [{port: 443, protocol: TCP}]}
        ---

        """;

    private static string Certificate(string ns, string name) => $"/apis/certoperator.io/v1/namespaces/{ns}/certificates/{name}";

    private static string Secret(string ns, string name) => $"/api/v1/namespaces/{ns}/secrets/{name}";
}
