using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Benchmarks;

/// <summary>The operator on a cluster as a user installs it: shipped CRDs and RBAC, its own service account.</summary>
internal sealed class Installation(TestCluster cluster, string kubeconfig)
{
    public const string Namespace = "cert-operator";

    /// <summary>The operator's name in the audit log.</summary>
    public static string User { get; } = AuditLog.UserName(Namespace, "cert-operator");

    public static async Task<Installation> CreateAsync(TestCluster cluster)
    {
        var kubeconfig = await cluster.ServiceAccountKubeconfigAsync(Namespace, "cert-operator");
        foreach (var file in (string[])["crd/crds.yaml", "rbac/rbac.yaml"])
        {
            // Older servers do not know the rules in the CRDs, and validation would refuse them.
            var applied = await cluster.KubectlAsync(["apply", "--validate=false", "-f", Path.Combine(Repository.Root, "config", file)]);
            applied.OrThrow();
        }

        var established = await cluster.KubectlAsync(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]);
        established.OrThrow();
        return new Installation(cluster, kubeconfig);
    }

    /// <summary>Starts a binary with the settings of production and returns once it is ready.</summary>
    public Task<OperatorProcess> StartAsync(string binary)
    {
        var port = FreePorts.Take(1)[0];
        return OperatorProcess.StartAsync(
            binary,
            ["run", "--kubeconfig", kubeconfig, "--namespace", Namespace, "--listen", $"127.0.0.1:{port}", "--acme-listen", "127.0.0.1:0"],
            port,
            Path.Combine(cluster.Folder, $"operator-{port}.log"));
    }
}
