using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>What the operator costs the API server, as the API server's own audit log has it.</summary>
[Collection(OperatorTestGroup.Name)]
public class WriteCountTests(OperatorFixture fixture)
{
    private const int Many = 200;

    private const int CachedKinds = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task A_Certificate_costs_two_writes_and_an_event(int count)
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();

        var (ns, since) = await IssueAsync(installation, certOperator, count, (ns, name) => Manifests.Certificate(ns, name));

        Assert.Equal(
            new Dictionary<string, int> { ["patch secrets"] = count, ["patch certificates/status"] = count, ["create events"] = count },
            installation.Writes(since, ns));
        Assert.Equal(count, (await OpenSslReader.VerifyAllAsync(installation.Cluster, ns)).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public async Task An_annotated_Ingress_costs_three_writes_and_an_event(int count)
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();

        var (ns, since) = await IssueAsync(installation, certOperator, count, (ns, name) => Manifests.Ingress(ns, name));

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["patch certificates"] = count,
                ["patch secrets"] = count,
                ["patch certificates/status"] = count,
                ["create events"] = count,
            },
            installation.Writes(since, ns));
        Assert.Equal(count, (await OpenSslReader.VerifyAllAsync(installation.Cluster, ns)).Count);
    }

    [Fact]
    public async Task Listing_everything_anew_writes_nothing_and_neither_does_a_restart()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using ApiProxy proxy = await ApiProxy.StartAsync(installation.Cluster);
        await using OperatorProcess certOperator = await installation.StartAsync(proxy: proxy);
        var (ns, _) = await IssueAsync(installation, certOperator, Many, (ns, name) => Manifests.Certificate(ns, name));

        long since = installation.Cluster.AuditLog.Position;
        await proxy.ExpireWatchesAsync();
        await Eventually.HoldsAsync("every kind is listed anew", () => Task.FromResult(KindsListed(installation, since) == CachedKinds));
        await certOperator.SettleAsync();
        Assert.Empty(installation.Writes(since));
        Assert.Empty(proxy.Warnings);

        await certOperator.KillAsync();
        since = installation.Cluster.AuditLog.Position;
        await using OperatorProcess restarted = await installation.StartAsync();
        await restarted.SettleAsync();
        Assert.Equal(CachedKinds, KindsListed(installation, since));
        // Elsewhere there may be an Ingress with a mistake, which is told again.
        Assert.Empty(installation.Writes(since, ns));
    }

    /// <summary>Has this many certificates issued in a namespace of their own, and waits until nothing is left to do.</summary>
    private static async Task<(string Namespace, long Since)> IssueAsync(
        OperatorInstallation installation, OperatorProcess certOperator, int count, Func<string, string, string> manifest)
    {
        TestCluster cluster = installation.Cluster;
        string ns = await cluster.CreateNamespaceAsync("count");
        long since = cluster.AuditLog.Position;
        await cluster.ApplyAsync(Manifests.Many(count, name => manifest(ns, name)));
        await installation.ReadyAsync(ns, count);
        await Eventually.HoldsAsync(
            "every event is written", () => Task.FromResult(installation.Writes(since, ns).GetValueOrDefault("create events") >= count));
        await certOperator.SettleAsync();
        return (ns, since);
    }

    private static int KindsListed(OperatorInstallation installation, long since)
        => installation.Requests(since).Where(entry => entry is { Verb: "list", Code: 200 }).DistinctBy(entry => entry.Resource).Count();
}
