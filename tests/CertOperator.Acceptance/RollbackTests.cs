using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>A rotation that restarts a Deployment, and the way back, on the real API server.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class RollbackTests(OperatorFixture fixture)
{
    [Fact]
    public async Task A_deployment_is_restarted_once_per_rotation_and_clients_see_the_former_certificate_again_after_a_rollback()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        (await cluster.KubectlAsync(["apply", "-f", Path.Combine(Repository.Root, "config", "rbac", "rollouts.yaml")])).OrThrow();
        await Eventually.HoldsAsync("the rights to restart are in force", () => installation.MayAsync("apps", "deployments", "patch"));
        await using OperatorProcess certOperator = await installation.StartAsync(rollouts: true);
        string ns = await cluster.CreateNamespaceAsync("rollback");
        await cluster.ApplyAsync(Deployment(ns) + Manifests.Ingress(ns, "web", "") + Certificate(ns, "web.example.com"));
        await installation.ReadyAsync(ns);
        string first = await FingerprintAsync(cluster, ns);
        Assert.Equal(1, await GenerationAsync(cluster, ns));

        await RotateAsync(cluster, ns, "web.example.com, www.example.com", 2);
        await RotateAsync(cluster, ns, "web.example.com", 3);
        Assert.NotEqual(first, await FingerprintAsync(cluster, ns));
        Assert.Equal(3, await GenerationAsync(cluster, ns));

        CommandResult answered = await RollBackAsync(cluster, ns, "1");
        Assert.Equal($"The Secret {ns}/web carries revision 1 again.", answered.OrThrow().Trim());
        await RestartedAsync(cluster, ns);
        await certOperator.SettleAsync();
        Assert.Equal(first, await FingerprintAsync(cluster, ns));
        Assert.Equal(4, await GenerationAsync(cluster, ns));
        Assert.Equal(["web"], await OpenSslReader.VerifyAllAsync(cluster, ns));
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, ns);
        string file = Path.Combine(cluster.Folder, $"{ns}-ca.crt");
        JsonNode secret = await cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/web");
        await File.WriteAllBytesAsync(file, Convert.FromBase64String((string)secret["data"]!["ca.crt"]!));
        OpenSslAnswer served = await OpenSslClient.ConnectAsync(nginx.HttpsPort, "web.example.com", file);
        Assert.True(served.Accepted, served.Output);
        Assert.Equal(first, served.Certificates[0].GetCertHashString(HashAlgorithmName.SHA256), ignoreCase: true);

        answered = await RollBackAsync(cluster, ns, "77");
        Assert.Equal(1, answered.ExitCode);
        Assert.Contains("does not hold revision 77", answered.Output, StringComparison.Ordinal);
    }

    private static async Task RotateAsync(TestCluster cluster, string ns, string hosts, int revision)
    {
        await cluster.ApplyAsync(Certificate(ns, hosts));
        await Eventually.HoldsAsync($"revision {revision} is issued", async () => (int?)(await StatusAsync(cluster, ns))["revision"] == revision);
        await RestartedAsync(cluster, ns);
    }

    /// <summary>Restarts are ten seconds apart.</summary>
    private static Task RestartedAsync(TestCluster cluster, string ns) => Eventually.HoldsAsync(
        "the Deployment is restarted for the stored certificate",
        async () => await StatusAsync(cluster, ns) is var status && (string?)status["rollout"]!["fingerprint"] == (string?)status["fingerprint"]
            && (string?)(await DeploymentAsync(cluster, ns))["spec"]!["template"]!["metadata"]!["annotations"]?["rollout.certoperator.io/web"] == (string?)status["fingerprint"],
        TimeSpan.FromSeconds(60));

    private static Task<CommandResult> RollBackAsync(TestCluster cluster, string ns, string revision)
        => Command.RunAsync(Repository.OperatorBinary, ["rollback", "web", "--to", revision, "-n", ns, "--kubeconfig", cluster.AdminKubeconfig]);

    private static Task<JsonNode> DeploymentAsync(TestCluster cluster, string ns) => cluster.Admin.GetAsync($"/apis/apps/v1/namespaces/{ns}/deployments/web");

    private static async Task<int> GenerationAsync(TestCluster cluster, string ns) => (int)(await DeploymentAsync(cluster, ns))["metadata"]!["generation"]!;

    private static async Task<JsonNode> StatusAsync(TestCluster cluster, string ns)
        => (await cluster.Admin.GetAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates/web"))["status"]!;

    private static async Task<string> FingerprintAsync(TestCluster cluster, string ns) => (string)(await StatusAsync(cluster, ns))["fingerprint"]!;

    private static string Certificate(string ns, string hosts)
        => Manifests.Certificate(ns, "web", "history: 2, rollout: [{kind: Deployment, name: web}]", hosts: hosts);

    private static string Deployment(string ns) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: {{ns}} }
        spec:
          replicas: 0
          selector: {matchLabels: {app: web} }
          template: {metadata: {labels: {app: web} }, spec: {containers: [{name: web, image: web}]} }
        ---

        """;
}
