using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Current;

/// <summary>What a user learns whose objects break a rule that the server enforces.</summary>
[Collection(CurrentOperatorTestGroup.Name)]
public sealed class RuleTests(CurrentOperatorFixture fixture)
{
    [Fact]
    public async Task Annotations_that_break_a_rule_are_told_in_an_event_and_can_be_corrected()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await cluster.CreateNamespaceAsync("refused");

        await cluster.ApplyAsync(Manifests.Ingress(ns, "web", $"certoperator.io/cluster-issuer: {Manifests.Issuer}, certoperator.io/duration: 1h, certoperator.io/renew-before: 2h"));
        await Eventually.HoldsAsync("the event is there", async () =>
            (await cluster.KubectlAsync(["get", "events", "-n", ns, "--field-selector", "reason=CertificateRefused,involvedObject.kind=Ingress"])).OrThrow().Contains("renewBefore 2h is not shorter than the duration 1h: it would be renewed for ever. Correct the annotations.", StringComparison.Ordinal));
        Assert.Empty(await cluster.Admin.ListAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates"));

        (await cluster.KubectlAsync(["annotate", "ingress", "web", "-n", ns, "--overwrite", "certoperator.io/renew-before=30m"])).OrThrow();
        await installation.ReadyAsync(ns);
    }

    [Fact]
    public async Task What_was_stored_before_there_was_a_rule_is_told_in_its_status_and_can_be_corrected()
    {
        await using TestCluster cluster = await MissingPart.SkipsAsync(() => TestCluster.StartAsync(ClusterVersion.Current));
        string former = Path.Combine(cluster.Folder, "former.yaml");
        await File.WriteAllTextAsync(former, YamlWriter.WriteAll(ApiDefinitions.Documents().Select(WithoutRules)));
        await cluster.DefineAsync(former);
        string ns = await cluster.CreateNamespaceAsync("former");
        string path = $"/apis/certoperator.io/v1/namespaces/{ns}/certificates/web";
        await cluster.ApplyAsync(Manifests.Certificate(ns, "web", "duration: 1h, renewBefore: 2h"));

        OperatorInstallation installation = await OperatorInstallation.InstallAsync(cluster);
        await using OperatorProcess certOperator = await installation.StartAsync();
        await Eventually.HoldsAsync("the status tells it", async () => Ready(await cluster.Admin.GetAsync(path)) is { } ready
            && (string?)ready["status"] == ConditionTypes.False && ((string)ready["message"]!).Contains("it would be renewed for ever", StringComparison.Ordinal));

        await cluster.Admin.PatchAsync(path, new JsonObject { ["spec"] = new JsonObject { ["renewBefore"] = "30m" } });
        await installation.ReadyAsync(ns);
    }

    private static JsonNode? Ready(JsonNode certificate)
        => (certificate["status"]?["conditions"]?.AsArray() ?? []).SingleOrDefault(condition => (string?)condition!["type"] == ConditionTypes.Ready);

    private static JsonObject WithoutRules(JsonObject definition)
    {
        JsonObject former = definition.DeepClone().AsObject();
        Remove(former);
        return former;

        static void Remove(JsonNode? node)
        {
            if (node is JsonObject fields)
                fields.Remove("x-kubernetes-validations");
            IEnumerable<JsonNode?> inner = node switch { JsonObject all => all.Select(field => field.Value), JsonArray items => items, _ => [] };
            foreach (JsonNode? below in inner)
                Remove(below);
        }
    }
}
