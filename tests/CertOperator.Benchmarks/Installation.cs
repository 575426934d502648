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
        await cluster.DefineAsync(Path.Combine(Repository.Root, "config", "crd", "crds.yaml"));
        (await cluster.KubectlAsync(["apply", "-f", Path.Combine(Repository.Root, "config", "rbac", "rbac.yaml")])).OrThrow();
        return new Installation(cluster, kubeconfig);
    }

    /// <summary>Starts a binary with the settings of production and returns once it is ready.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="acmePort">Where it answers HTTP-01 challenges; 0 for any port.</param>
    public Task<OperatorProcess> StartAsync(string binary, int acmePort = 0)
    {
        var port = FreePorts.Take(1)[0];
        return OperatorProcess.StartAsync(
            binary,
            ["run", "--kubeconfig", kubeconfig, "--namespace", Namespace, "--listen", $"127.0.0.1:{port}", "--acme-listen", $"127.0.0.1:{acmePort}"],
            port,
            Path.Combine(cluster.Folder, $"operator-{port}.log"));
    }
}
