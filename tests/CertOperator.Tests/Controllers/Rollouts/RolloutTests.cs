using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Processes;

namespace CertOperator.Controllers.Rollouts;

/// <summary>Workloads that a Certificate names are restarted once per rotation, where the operator may.</summary>
public class RolloutTests
{
    private const string Web = "rollout: [{kind: Deployment, name: web}]";
    private const string All = "rollout: [{kind: Deployment, name: web}, {kind: StatefulSet, name: db}, {kind: DaemonSet, name: edge}]";
    private const string Annotation = "rollout.certoperator.io/web";

    private static readonly OperatorOptions On = new() { Rollouts = true };

    public static TheoryData<int, Cut> Cuts => [.. from write in Enumerable.Range(1, 5) from cut in Enum.GetValues<Cut>() select (write, cut)];

    [Fact]
    public async Task The_first_certificate_restarts_nothing_and_each_rotation_does_once()
    {
        await using World world = await WorldAsync(On, All);
        Assert.All(((string[])["Deployment", "StatefulSet", "DaemonSet"]), kind => Assert.Equal(1, Generation(world, kind)));
        Assert.Equal(("True", "NothingDue"), await ToldAsync(world));

        await RotateAsync(world, All, 1);
        Assert.All(((string[])["Deployment", "StatefulSet", "DaemonSet"]), kind => Assert.Equal(2, Generation(world, kind)));
        Assert.Equal((await world.CertificateAsync("web")).Status!.Fingerprint, Annotated(world, "Deployment"));
        Assert.Equal(("True", "RolledOut"), await ToldAsync(world));
        Assert.Single(world.EventReasons("Certificate", "web"), reason => reason == "RolledOut");

        await world.StopAsync();
        await world.SettleAsync();
        Assert.Equal(2, Generation(world, "Deployment"));
        await RotateAsync(world, All, 2);
        Assert.Equal(3, Generation(world, "Deployment"));
        Assert.Equal("app", (string?)world.Cluster.Find(Deployment.Type, new ObjectKey("shop", "web"))!["spec"]!["template"]!["spec"]!["containers"]![0]!["name"]);
    }

    [Fact]
    public async Task Without_the_option_one_sentence_says_so_and_with_it_the_restart_is_made_up_for()
    {
        await using World world = await WorldAsync(new OperatorOptions(), Web);
        await RotateAsync(world, Web, 1);
        Assert.Equal(1, Generation(world, "Deployment"));
        Assert.Equal(("False", "RolloutsOff"), await ToldAsync(world));
        Assert.Single(world.EventReasons("Certificate", "web"), reason => reason == "RolloutsOff");
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);

        await using var replica = new World(On, cluster: world.Cluster);
        await world.StopAsync();
        await replica.SettleAsync();
        Assert.Equal(2, Generation(world, "Deployment"));
        Assert.Equal(("True", "RolledOut"), await ToldAsync(world));
    }

    [Fact]
    public async Task A_workload_that_is_not_there_is_told_once_and_holds_nothing_up()
    {
        var time = new FakeTimeProvider();
        await using World world = await WorldAsync(On, Web, time);
        const string Both = "rollout: [{kind: StatefulSet, name: gone}, {kind: Deployment, name: web}]";
        await RotateAsync(world, Both, 1);
        Assert.Equal(2, Generation(world, "Deployment"));
        Assert.Equal(("False", "WorkloadMissing"), await ToldAsync(world));
        var (_, message) = Assert.Single(world.Events("Certificate", "web"), told => told.Reason == "WorkloadMissing");
        Assert.Contains("There is no StatefulSet/gone", message, StringComparison.Ordinal);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);

        // Corrected, the rest of them is restarted, and what was already is not.
        await RotateAsync(world, Both.Replace("gone", "db", StringComparison.Ordinal), 1);
        time.Advance(TimeSpan.FromMinutes(1));
        for (int look = 0; look < 500 && Generation(world, "StatefulSet") == 1; look++)
            await world.SettleAsync();
        await world.SettleAsync();
        Assert.Equal((2, 2), (Generation(world, "Deployment"), Generation(world, "StatefulSet")));
        Assert.Equal(("True", "RolledOut"), await ToldAsync(world));
    }

    [Fact]
    public async Task What_is_refused_is_told_and_tried_again()
    {
        var time = new FakeTimeProvider();
        await using World world = await WorldAsync(On, Web, time);
        world.Cluster.Faults.FailNext("patch", Deployment.Type, KubeFailure.Forbidden);
        await RotateAsync(world, Web, 1);
        Assert.Equal(("False", "RolloutFailed"), await ToldAsync(world));
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.Equal(1, Generation(world, "Deployment"));

        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        for (int look = 0; look < 500 && Generation(world, "Deployment") == 1; look++)
            await world.SettleAsync();
        Assert.Equal(2, Generation(world, "Deployment"));
        await world.SettleAsync();
        Assert.Equal(("True", "RolledOut"), await ToldAsync(world));
    }

    [Fact]
    public async Task A_rollout_that_is_added_later_waits_for_the_next_rotation_and_one_that_is_removed_leaves_no_trace()
    {
        await using World world = await WorldAsync(On, "");
        await RotateAsync(world, Web, 0);
        Assert.Equal(1, Generation(world, "Deployment"));
        await RotateAsync(world, Web, 1);
        Assert.Equal(2, Generation(world, "Deployment"));

        await RotateAsync(world, "", 1);
        CertificateStatus status = (await world.CertificateAsync("web")).Status!;
        Assert.Null(status.Rollout);
        Assert.Null(Conditions.Find(status.Conditions, ConditionTypes.RolledOut));
    }

    [Fact]
    public async Task Of_several_that_are_replaced_at_once_one_is_restarted_for_now_and_the_others_later()
    {
        var time = new FakeTimeProvider();
        await using World world = await WorldAsync(On, Web, time);
        for (int i = 0; i < 5; i++)
            world.Apply(Samples.Certificate($"web-{i}", Web));
        await world.SettleAsync();
        for (int i = 0; i < 5; i++)
            world.Apply(Samples.Certificate($"web-{i}", $"{Web}, duration: 100h"));
        await world.SettleAsync();
        Assert.Equal(2, Generation(world, "Deployment"));
        DateTimeOffset[] later = [.. world.Operator.Caches.Certificates.Store.All.Select(certificate => certificate.Status?.Rollout?.NextTime).OfType<DateTimeOffset>().Order()];
        Assert.Equal(4, later.Distinct().Count());

        time.Advance(TimeSpan.FromMinutes(1));
        for (int look = 0; look < 500 && Generation(world, "Deployment") < 6; look++)
            await world.SettleAsync();
        Assert.Equal(6, Generation(world, "Deployment"));
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_write_restarts_once(int write, Cut cut)
    {
        await using World world = await WorldAsync(On, Web);
        await world.StopAsync();
        var line = new CutClient(world.Client, write, cut);
        world.OperatorClient = line;
        world.Apply(Samples.Certificate("web", $"{Web}, duration: 100h"));
        await world.StartAsync();
        await line.Happened.WaitAsync(TimeSpan.FromSeconds(60));
        if (cut is not Cut.AnswerOnly)
        {
            await world.StopAsync();
            world.OperatorClient = null;
        }

        await world.StartAsync();
        // Where the answer alone is lost, it is tried again a minute later.
        if (write != 2 || cut is not Cut.AnswerOnly)
            await Eventually.HoldsAsync("it is told", async () => (await ToldAsync(world)).Reason == "RolledOut");
        await world.SettleAsync();
        Assert.Equal(2, Generation(world, "Deployment"));
        Assert.Equal((await world.CertificateAsync("web")).Status!.Fingerprint, Annotated(world, "Deployment"));
    }

    [Fact]
    public void Slots_are_apart_and_of_very_many_within_an_hour()
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var slots = new RolloutSlots();
        DateTimeOffset[] taken = [.. Enumerable.Range(0, 1000).Select(number => slots.Take(now, $"uid-{number}"))];
        Assert.Equal(now, taken[0]);
        Assert.Equal(TimeSpan.FromSeconds(10), taken[1] - taken[0]);
        Assert.All(taken, at => Assert.InRange(at, now, now.AddHours(1)));
        Assert.Equal(now.AddHours(2), slots.Take(now.AddHours(2), "uid"));
    }

    private static async Task<World> WorldAsync(OperatorOptions options, string more, TimeProvider? time = null)
    {
        World world = await World.WithCaAsync(options, time);
        foreach (var (kind, name) in new[] { ("Deployment", "web"), ("StatefulSet", "db"), ("DaemonSet", "edge") })
        {
            world.Apply($$"""
                apiVersion: apps/v1
                kind: {{kind}}
                metadata: {name: {{name}}, namespace: shop}
                spec: {selector: {matchLabels: {app: web} }, template: {metadata: {labels: {app: web} }, spec: {containers: [{name: app, image: app}]} } }
                """);
        }

        await RotateAsync(world, more, 0);
        return world;
    }

    private static async Task RotateAsync(World world, string more, int rotation)
    {
        world.Apply(Samples.Certificate("web", string.Join(", ", new[] { more, $"duration: {2160 + rotation}h" }.Where(part => part.Length > 0))));
        await world.SettleAsync();
        Assert.Equal(rotation + 1, (await world.CertificateAsync("web")).Status!.Revision);
    }

    private static JsonObject Workload(World world, string kind) => world.Cluster.Find(
        kind switch { "Deployment" => Deployment.Type, "StatefulSet" => StatefulSet.Type, _ => DaemonSet.Type },
        new ObjectKey("shop", kind switch { "Deployment" => "web", "StatefulSet" => "db", _ => "edge" }))!;

    private static int Generation(World world, string kind) => (int)(long)Workload(world, kind)["metadata"]!["generation"]!;

    private static string? Annotated(World world, string kind) => (string?)Workload(world, kind)["spec"]!["template"]!["metadata"]!["annotations"]?[Annotation];

    private static async Task<(string Status, string Reason)> ToldAsync(World world)
        => Conditions.Find((await world.CertificateAsync("web")).Status?.Conditions, ConditionTypes.RolledOut) is { } told ? (told.Status, told.Reason) : ("", "");
}
