using System.Text.Json.Nodes;

namespace CertOperator.Testing.Monitoring;

/// <summary>A panel of a Grafana dashboard.</summary>
/// <param name="Dashboard">The name of its file.</param>
/// <param name="Json">As it stands there.</param>
public sealed record DashboardPanel(string Dashboard, JsonObject Json)
{
    public string Title => (string)Json["title"]!;

    public string Type => (string)Json["type"]!;

    /// <summary>Its queries, as Prometheus gets them.</summary>
    public IReadOnlyList<string> Expressions => [.. Json["targets"]!.AsArray().Select(target => Dashboards.Expand((string)target!["expr"]!))];

    public override string ToString() => $"{Dashboard}: {Title}";
}
