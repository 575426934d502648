using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The commands of the published binary, and kubectl that starts it, on the real API server.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class CommandLineTests(OperatorFixture fixture)
{
    [Fact]
    public async Task Status_renew_and_inspect_tell_what_is_true()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await cluster.CreateNamespaceAsync("cli");
        await cluster.ApplyAsync(Manifests.Certificate(ns, "web") + Manifests.Certificate(ns, "api"));
        await installation.ReadyAsync(ns, 2);

        CommandResult status = await RunAsync(cluster, "status", "-n", ns);
        Assert.Equal((0, ""), (status.ExitCode, status.Error));
        Assert.Contains("2 of 2 Certificates ready", status.Output, StringComparison.Ordinal);
        string before = await FingerprintAsync(cluster, ns);

        CommandResult renewed = await RunAsync(cluster, "renew", "web", "-n", ns, "--wait", "-o", "json");
        Assert.Equal((0, ""), (renewed.ExitCode, renewed.Error));
        Assert.Equal("Renewed", (string?)JsonNode.Parse(renewed.Output)!["certificates"]![0]!["state"]);
        string after = await FingerprintAsync(cluster, ns);
        Assert.NotEqual(before, after);

        CommandResult inspected = await RunAsync(cluster, "inspect", "secret/web", "-n", ns);
        Assert.Equal((0, ""), (inspected.ExitCode, inspected.Error));
        Assert.Contains(after, inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_look_is_told_what_to_do()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        string kubeconfig = await installation.Cluster.ServiceAccountKubeconfigAsync("cli-nobody", "nobody");
        CommandResult result = await Command.RunAsync(Repository.OperatorBinary, ["status", "--kubeconfig", kubeconfig]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches("^Cannot list certificates.*nobody.*cannot list.*have the right granted to you\\.\n$", result.Error);
    }

    [Fact]
    public async Task Kubectl_starts_it_as_kubectl_cert()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        string folder = Directory.CreateDirectory(Path.Combine(installation.Cluster.Folder, "plugin")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "kubectl-cert"), Repository.OperatorBinary);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["KUBECONFIG"] = installation.Cluster.AdminKubeconfig,
        };

        CommandResult help = await Command.RunAsync(TestCache.Kubectl, ["cert", "status", "--help"], environment: environment);
        Assert.Contains("Usage:\n  kubectl cert status [<name>] [options]\n", help.OrThrow(), StringComparison.Ordinal);
        CommandResult status = await Command.RunAsync(TestCache.Kubectl, ["cert", "status", "-n", OperatorInstallation.Namespace], environment: environment);
        Assert.Contains(OperatorInstallation.Issuer, status.OrThrow(), StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(TestCluster cluster, params string[] arguments)
        => Command.RunAsync(Repository.OperatorBinary, [.. arguments, "--kubeconfig", cluster.AdminKubeconfig]);

    private static async Task<string> FingerprintAsync(TestCluster cluster, string ns)
        => (string)(await cluster.Admin.GetAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates/web"))["status"]!["fingerprint"]!;
}
