using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Testing;
using CertOperator.Testing.Monitoring;
using CertOperator.Web;
using Boards = CertOperator.Testing.Monitoring.Dashboards;

namespace CertOperator.Dashboards;

/// <summary>Grafana can import the dashboards, and they show what the operator exports.</summary>
public sealed partial class DashboardTests
{
    private const string DataSource = "${datasource}";

    /// <summary>Names of units that Grafana knows.</summary>
    private static readonly HashSet<string> Units = ["none", "short", "s", "percentunit", "bytes", "dateTimeFromNow", "reqps", "ops", "rps", "wps"];

    /// <summary>What Prometheus makes itself.</summary>
    private static readonly HashSet<string> OfPrometheus = ["ALERTS"];

    public static TheoryData<string> Files => [.. Boards.All.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_can_be_imported_anywhere_and_stays_itself(string file)
    {
        JsonObject dashboard = Boards.All[file];

        Assert.Equal(file, (string?)dashboard["uid"]);
        Assert.True(file.Length <= 40);
        Assert.False(dashboard.ContainsKey("id"), "Its id is Grafana's to give.");
        Assert.False(dashboard.ContainsKey("__inputs"), "A sidecar does not fill inputs in.");
        Assert.True((int)dashboard["schemaVersion"]! >= 41);
        Assert.Contains("cert-operator", dashboard["tags"]!.AsArray().Select(tag => (string)tag!));
        JsonNode source = dashboard["templating"]!["list"]![0]!;
        Assert.Equal(("datasource", "datasource", "prometheus"), ((string)source["name"]!, (string)source["type"]!, (string)source["query"]!));
        JsonNode[] sources = [.. Descendants(dashboard).Select(node => node["datasource"]).OfType<JsonNode>()];
        Assert.NotEmpty(sources);
        Assert.All(sources, node => Assert.Equal(DataSource, (string?)node["uid"]));
    }

    [Fact]
    public void Titles_of_dashboards_and_panels_are_told_apart()
    {
        Assert.Equal(Boards.All.Count, Boards.All.Values.Select(dashboard => (string)dashboard["title"]!).Distinct().Count());
        Assert.Equal(Boards.Panels.Count, Boards.Panels.DistinctBy(panel => panel.ToString()).Count());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Panels_have_their_place_and_their_number(string file)
    {
        JsonNode[] panels = [.. Boards.All[file]["panels"]!.AsArray().Select(panel => panel!)];
        Assert.Equal(panels.Length, panels.Select(panel => (int)panel["id"]!).Distinct().Count());

        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonNode panel in panels)
        {
            JsonNode place = panel["gridPos"]!;
            (int x, int y, int width, int height) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
            Assert.True(x >= 0 && x + width <= 24 && width > 0 && height > 0, $"{file}: {panel["title"]} is not on the grid.");
            for (int cell = 0; cell < width * height; cell++)
                Assert.True(taken.Add((x + (cell % width), y + (cell / width))), $"{file}: {panel["title"]} covers another panel.");
        }
    }

    [Fact]
    public void Every_panel_has_a_unit_and_says_what_it_shows()
    {
        foreach (DashboardPanel panel in Boards.Panels)
        {
            string? description = (string?)panel.Json["description"];
            Assert.True(description is { Length: > 40 } && description.EndsWith('.'), $"{panel} does not say what it shows and what to do.");
            Assert.Equal(DataSource, (string?)panel.Json["datasource"]!["uid"]);
            JsonNode defaults = panel.Json["fieldConfig"]!["defaults"]!;
            IEnumerable<string?> units = [(string?)defaults["unit"], .. UnitsOf(panel.Json["fieldConfig"]!["overrides"]!)];
            Assert.All(units, unit => Assert.True(unit is not null && Units.Contains(unit), $"{panel} has the unit {unit}."));
            JsonNode[] targets = [.. panel.Json["targets"]!.AsArray().Select(target => target!)];
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Length, targets.Select(target => (string)target["refId"]!).Distinct().Count());
        }

        static IEnumerable<string?> UnitsOf(JsonNode overrides)
            => overrides.AsArray().SelectMany(each => each!["properties"]!.AsArray()).Where(property => (string?)property!["id"] == "unit").Select(property => (string?)property!["value"]);
    }

    [Fact]
    public void Panels_lead_to_pages_and_every_alert_is_reached_from_one()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "alerts.md"));
        HashSet<string> headings = [.. Heading().Matches(page).Select(heading => heading.Groups["title"].Value.ToLowerInvariant().Replace(' ', '-'))];
        HashSet<string> linked = [];
        foreach (DashboardPanel panel in Boards.Panels)
        {
            foreach (string url in (panel.Json["links"]?.AsArray() ?? []).Select(link => (string)link!["url"]!))
            {
                Assert.StartsWith("${docs}/alerts.md#", url, StringComparison.Ordinal);
                string anchor = url.Split('#')[1];
                Assert.True(headings.Contains(anchor), $"{panel} links to {anchor}, which docs/alerts.md does not have.");
                linked.Add(anchor);
            }
        }

        Assert.Empty(headings.Where(heading => heading.StartsWith("certoperator", StringComparison.Ordinal)).Except(linked));
    }

    [Fact]
    public async Task Every_metric_of_every_panel_is_exported()
    {
        IReadOnlySet<string> exported = await ExportedMetrics.NamesAsync();
        foreach (DashboardPanel panel in Boards.Panels)
        {
            string[] named = [.. panel.Expressions.SelectMany(MetricsIn)];
            Assert.NotEmpty(named);
            Assert.All(named, metric => Assert.True(exported.Contains(metric) || OfPrometheus.Contains(metric), $"{panel} shows {metric}, which the operator does not export."));
        }

        foreach (Match variable in LabelValues().Matches(string.Concat(Boards.All.Values.Select(dashboard => dashboard.ToJsonString()))))
            Assert.Contains(variable.Groups["metric"].Value, exported);
    }

    [Theory]
    [InlineData("sum by (a, b) (rate(one_total{x=\"not_this{\"}[5m])) > 0 or vector(0)", "one_total")]
    [InlineData("sum((one{a=\"b\"} unless one{a=\"b\"} offset 5m) or increase(one{a=\"b\"}[5m]))", "one one one")]
    [InlineData("(max by (name) (one) - time()) / 2.5 and on (name) bottomk(25, two{a=~\".*\"} * 1000)", "one two")]
    public void Metrics_are_found_in_expressions(string expression, string metrics) => Assert.Equal(metrics, string.Join(' ', MetricsIn(expression)));

    /// <summary>The words of an expression that are neither labels, functions, keywords, durations nor texts.</summary>
    private static IEnumerable<string> MetricsIn(string expression)
        => Word().Matches(Grouping().Replace(Braces().Replace(Text().Replace(expression, ""), ""), " ")).Select(word => word.Value);

    private static IEnumerable<JsonObject> Descendants(JsonNode? node) => node switch
    {
        JsonObject item => [item, .. item.SelectMany(field => Descendants(field.Value))],
        JsonArray items => items.SelectMany(Descendants),
        _ => [],
    };

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|on|without|ignoring)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b(?!(and|or|unless|bool|offset)\b)[a-zA-Z_][a-zA-Z0-9_:]*\b(?!\s*\()")]
    private static partial Regex Word();

    [GeneratedRegex(@"^#+ (?<title>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"label_values\((?<metric>\w+),")]
    private static partial Regex LabelValues();
}
