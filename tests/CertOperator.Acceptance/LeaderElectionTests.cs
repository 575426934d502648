using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>Replicas of the published binary that compete for the Lease on the real API server.</summary>
[Collection(OperatorTestGroup.Name)]
public class LeaderElectionTests(OperatorFixture fixture)
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_second_replica_takes_over_from_one_that_was_killed_and_a_third_from_one_that_was_stopped()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        string ns = await installation.Cluster.CreateNamespaceAsync("leader");
        long since = installation.Cluster.AuditLog.Position;

        await using OperatorProcess first = await installation.StartAsync(leaderElect: true);
        string leader = await HolderAsync(installation, other: "");
        await IssueAsync(installation, ns, 1, since);
        await using OperatorProcess second = await installation.StartAsync(leaderElect: true);

        await first.KillAsync();
        leader = await HolderAsync(installation, other: leader);
        await IssueAsync(installation, ns, 2, since);

        Assert.Equal(0, await second.StopAsync());
        Assert.Equal("", Holder(await LeaseAsync(installation)));

        await using OperatorProcess third = await installation.StartAsync(leaderElect: true);
        await HolderAsync(installation, other: leader);
        await IssueAsync(installation, ns, 3, since);

        // No two of them worked on one certificate.
        await third.SettleAsync();
        Assert.Equal(
            new Dictionary<string, int> { ["patch secrets"] = 3, ["patch certificates/status"] = 3, ["create events"] = 3 },
            installation.Writes(since, ns));
        Assert.Equal(3, (await OpenSslReader.VerifyAllAsync(installation.Cluster, ns)).Count);
    }

    private static async Task IssueAsync(OperatorInstallation installation, string ns, int number, long since)
    {
        await installation.Cluster.ApplyAsync(Manifests.Certificate(ns, $"web-{number}"));
        await installation.ReadyAsync(ns, number);
        // Events come after what they tell of, and who is killed tells nothing more.
        await Eventually.HoldsAsync("the event is told", () => Task.FromResult(installation.Writes(since, ns).GetValueOrDefault("create events") == number));
    }

    /// <summary>Waits until somebody else than <paramref name="other"/> holds the Lease, and returns who.</summary>
    private static Task<string> HolderAsync(OperatorInstallation installation, string other) => Eventually.GetAsync(
        $"another replica than \"{other}\" holds the Lease",
        async () => Holder(await LeaseAsync(installation)) is { Length: > 0 } holder && holder != other ? holder : null,
        Takeover);

    private static Task<JsonNode?> LeaseAsync(OperatorInstallation installation) => installation.Cluster.Admin.FindAsync(
        $"/apis/coordination.k8s.io/v1/namespaces/{OperatorInstallation.Namespace}/leases/cert-operator");

    private static string? Holder(JsonNode? lease) => (string?)lease?["spec"]?["holderIdentity"];
}
