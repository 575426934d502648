using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator.Acceptance.Charts;

/// <summary>
/// <c>kubectl apply -k config</c> gives what the chart gives with its defaults. With WRITE_CHART=1 this test writes
/// <c>config/manager/manager.yaml</c> from the chart.
/// </summary>
public sealed class KustomizeTests
{
    private static readonly string Manager = Path.Combine(Repository.Root, "config", "manager", "manager.yaml");

    // These come from config/crd, config/rbac and config/users, which the chart takes them from.
    private static readonly HashSet<string> Elsewhere =
        ["CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

    [Fact]
    public async Task Kustomize_and_the_chart_give_the_same_objects()
    {
        JsonObject[] chart = [.. (await Chart.RenderAsync()).Select(Chart.WithoutHelm)];
        if (Environment.GetEnvironmentVariable("WRITE_CHART") == "1")
            await File.WriteAllTextAsync(Manager, YamlWriter.WriteAll(chart.Where(item => !Elsewhere.Contains(Chart.Kind(item)))));
        // Helm does not own the namespace that it installs into.
        JsonObject[] config = [.. (await Chart.KustomizeAsync("config")).Where(item => Chart.Kind(item) != "Namespace")];

        Assert.Equal(chart.Select(Name).Order(StringComparer.Ordinal), config.Select(Name).Order(StringComparer.Ordinal));
        foreach (JsonObject item in chart)
        {
            JsonObject other = config.Single(candidate => Name(candidate) == Name(item));
            Assert.True(JsonNode.DeepEquals(item, other), $"The chart and config differ in {Name(item)}: run this test once with WRITE_CHART=1.\n{item}\n{other}");
        }
    }

    [Fact]
    public async Task Dashboards_are_the_same_from_both()
    {
        JsonObject chart = Chart.Single(await Chart.RenderAsync("metrics.dashboards.enabled=true"), "ConfigMap");
        JsonObject config = Chart.Single(await Chart.KustomizeAsync("config/dashboards"), "ConfigMap");
        Assert.True(JsonNode.DeepEquals(Chart.WithoutHelm(chart), config), $"{chart}\n{config}");
    }

    private static string Name(JsonObject item) => $"{item["apiVersion"]} {item["kind"]} {item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";
}
