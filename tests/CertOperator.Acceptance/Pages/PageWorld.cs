using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;

namespace CertOperator.Acceptance.Pages;

/// <summary>
/// What the commands of the pages speak of: in the namespace shop, Certificates, and an Ingress that nginx serves and in which
/// there is nothing to find. The namespace of the kubeconfig is shop.
/// </summary>
internal sealed class PageWorld : IAsyncDisposable
{
    public const string Namespace = "shop";

    private const string Backend = $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: {{Namespace}} }
        spec: {type: ExternalName, externalName: localhost, ports: [{port: 80, protocol: TCP}]}
        """;

    private readonly OperatorProcess _operator;

    private PageWorld(OperatorInstallation installation, OperatorProcess certOperator, NginxIngress nginx)
    {
        Installation = installation;
        _operator = certOperator;
        Nginx = nginx;
    }

    public OperatorInstallation Installation { get; }

    public TestCluster Cluster => Installation.Cluster;

    public NginxIngress Nginx { get; }

    public static async Task<PageWorld> StartAsync()
    {
        TestCluster cluster = await MissingPart.SkipsAsync(TestCluster.StartAsync);
        OperatorInstallation installation = await OperatorInstallation.InstallAsync(cluster);
        (await cluster.KubectlAsync(["create", "namespace", Namespace])).OrThrow();
        (await cluster.KubectlAsync(["config", "set-context", "--current", $"--namespace={Namespace}"])).OrThrow();
        string ingress = Manifests.Ingress(Namespace, "shop", tls: "{hosts: [shop.example.com], secretName: shop-tls}");
        await cluster.ApplyAsync(Manifests.Certificate(Namespace, "web", "history: 5") + Manifests.Certificate(Namespace, "api-tls") + ingress + Backend);
        (await cluster.KubectlAsync(["patch", "ingress", "shop", "-n", Namespace, "--subresource=status", "--type=merge", "-p", """{"status":{"loadBalancer":{"ingress":[{"ip":"127.0.0.1"}]}}}"""])).OrThrow();
        OperatorProcess certOperator = await installation.StartAsync();
        await installation.ReadyAsync(Namespace, 3);
        return new PageWorld(installation, certOperator, await NginxIngress.StartAsync(cluster, Namespace));
    }

    public async ValueTask DisposeAsync()
    {
        await Nginx.DisposeAsync();
        await _operator.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
