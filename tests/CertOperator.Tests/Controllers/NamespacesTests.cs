using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers;

/// <summary>An operator that works in some namespaces only, and has no rights to what belongs to the cluster.</summary>
public class NamespacesTests
{
    private static readonly OperatorOptions Shop = new() { Namespaces = ["shop"] };

    [Fact]
    public async Task Only_its_namespaces_and_its_own_are_served()
    {
        await using World world = await RefusedAsync();
        foreach (string ns in (string[])["shop", "cert-operator", "other"])
            world.Apply(SelfSigned(ns));
        await world.SettleAsync();

        Assert.Equal([("cert-operator", true), ("other", false), ("shop", true)], world.Cluster.List(Certificate.Type)
            .Select(stored => ((string)stored["metadata"]!["namespace"]!, stored["status"] is not null)).Order());
        Assert.Equal(["cert-operator", "shop"], world.Cluster.List(Secret.Type).Select(stored => (string)stored["metadata"]!["namespace"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_it_may_not_see_is_told_once_and_holds_nothing_up()
    {
        await using World world = await RefusedAsync();
        await world.SettleAsync();
        Assert.Equal(["clusterissuers.certoperator.io", "ingressclasses.networking.k8s.io"], world.Log.Lines.Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.All(world.Log.Lines, line => Assert.Contains("lack of rights", line, StringComparison.Ordinal));
        Assert.True(world.Operator.Manager.Health.Ready.Ok, world.Operator.Manager.Health.Ready.Reason);
    }

    [Fact]
    public async Task Of_a_ClusterIssuer_it_says_that_it_cannot_see_it_and_of_a_class_nothing()
    {
        await using World world = await RefusedAsync();
        world.Apply(Samples.Certificate("web").Replace("{name: ca}", "{name: ca, kind: ClusterIssuer}", StringComparison.Ordinal));
        world.Apply(Samples.Ingress("web", "{hosts: [a.example.com], secretName: a}"));
        await world.SettleAsync();

        Condition ready = await world.ReadyAsync("web");
        Assert.Equal("IssuerNotFound", ready.Reason);
        Assert.Contains("may not list ClusterIssuers. Use an Issuer in namespace shop", ready.Message, StringComparison.Ordinal);
        Assert.Empty(world.Findings);
    }

    [Fact]
    public async Task A_ClusterIssuer_serves_once_it_may_be_seen()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using World world = await RefusedAsync(times: 1, time);
        world.Apply("{apiVersion: certoperator.io/v1, kind: ClusterIssuer, metadata: {name: ca}, spec: {selfSigned: {} } }");
        world.Apply(Samples.Certificate("web").Replace("{name: ca}", "{name: ca, kind: ClusterIssuer}", StringComparison.Ordinal));
        await world.SettleAsync();
        Assert.Equal("IssuerNotFound", (await world.ReadyAsync("web")).Reason);

        await Eventually.HoldsAsync("the Certificate is ready", async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await world.SettleAsync();
            return (await world.ReadyAsync("web")).Status == ConditionTypes.True;
        });
    }

    private static async Task<World> RefusedAsync(int times = int.MaxValue, TimeProvider? time = null)
    {
        var world = new World(Shop, time);
        foreach (ResourceType type in (ResourceType[])[ClusterIssuer.Type, IngressClass.Type])
            world.Cluster.Faults.FailNext("list", type, KubeFailure.Forbidden, times);
        await world.StartAsync();
        return world;
    }

    private static string SelfSigned(string ns) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: ca, namespace: {{ns}} }
        spec: {selfSigned: {} }
        ---
        {{Samples.Certificate("web").Replace("namespace: shop", $"namespace: {ns}", StringComparison.Ordinal)}}
        """;
}
