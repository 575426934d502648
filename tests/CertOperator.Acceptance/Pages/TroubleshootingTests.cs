using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;

namespace CertOperator.Acceptance.Pages;

/// <summary>The commands of <c>docs/troubleshooting.md</c>, where an Ingress is served by nginx.</summary>
public sealed class TroubleshootingTests
{
    [Fact, RunsPage("docs/troubleshooting.md")]
    public async Task Every_command_of_the_page_tells_what_it_is_there_for()
    {
        await using TestCluster cluster = await MissingPart.SkipsAsync(TestCluster.StartAsync);
        OperatorInstallation installation = await OperatorInstallation.InstallAsync(cluster);
        await using OperatorProcess certOperator = await installation.StartAsync(leaderElect: true);
        (await cluster.KubectlAsync(["create", "namespace", "shop"])).OrThrow();
        await cluster.ApplyAsync(Manifests.Ingress("shop", "web").Replace("web.example.com", "shop.example.com", StringComparison.Ordinal) + Service);
        await installation.ReadyAsync("shop");
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, "shop");

        IReadOnlyList<string> printed = await new ShellPage(cluster.Folder, cluster)
        {
            Replaced = new Dictionary<string, string> { ["203.0.113.10:443"] = $"127.0.0.1:{nginx.HttpsPort}" },
        }.RunAsync();

        // What is served is what the Secret holds: the page says to compare them.
        string[] certificates = [.. printed.Where(text => text.Contains("DNS:shop.example.com", StringComparison.Ordinal))];
        Assert.Equal(2, certificates.Length);
        Assert.Equal(certificates[1], certificates[0]);
        Assert.Contains("1\n", printed);
    }

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {ports: [{port: 80, protocol: TCP}]}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: web, namespace: shop}
        subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]
        """;
}
