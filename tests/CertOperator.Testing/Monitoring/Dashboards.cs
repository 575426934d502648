using System.Text.Json.Nodes;

namespace CertOperator.Testing.Monitoring;

/// <summary>The Grafana dashboards of <c>config/dashboards</c>.</summary>
public static class Dashboards
{
    private static readonly string Folder = Path.Combine(Repository.Root, "config", "dashboards");

    /// <summary>What Grafana puts in the place of variables when everything is chosen.</summary>
    private static readonly (string Variable, string Value)[] Variables = [("$namespace", ".*"), ("$instance", ".*"), ("$__rate_interval", "5m")];

    public static IReadOnlyDictionary<string, JsonObject> All { get; } = Directory.EnumerateFiles(Folder, "*.json")
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => JsonNode.Parse(File.ReadAllText(path))!.AsObject());

    /// <summary>The panels of all dashboards, without the headings of rows.</summary>
    public static IReadOnlyList<DashboardPanel> Panels { get; } =
    [
        .. All.SelectMany(dashboard => dashboard.Value["panels"]!.AsArray().Select(panel => new DashboardPanel(dashboard.Key, panel!.AsObject()))).Where(panel => panel.Type != "row"),
    ];

    /// <summary>An expression as Prometheus gets it.</summary>
    public static string Expand(string expression)
        => Variables.Aggregate(expression, (text, variable) => text.Replace(variable.Variable, variable.Value, StringComparison.Ordinal));
}
