using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator.Charts;

/// <summary>What in the chart follows from other files. With WRITE_CHART=1 these tests write it instead.</summary>
public partial class ChartFilesTests
{
    private const string Chart = "charts/cert-operator";

    private static readonly bool Writes = Environment.GetEnvironmentVariable("WRITE_CHART") == "1";

    // A chart holds its own copies: what packs charts leaves links out.
    [Theory]
    [InlineData("config/crd/crds.yaml", "files/crds.yaml")]
    [InlineData("config/rbac/rbac.yaml", "files/rbac.yaml")]
    [InlineData("config/rbac/rollouts.yaml", "files/rollouts.yaml")]
    [InlineData("config/rbac/http01-in-namespace.yaml", "files/http01-in-namespace.yaml")]
    [InlineData("config/rbac/http01-gateway.yaml", "files/http01-gateway.yaml")]
    [InlineData("config/users/users.yaml", "files/users.yaml")]
    [InlineData("config/alerts/cert-operator.rules.yaml", "files/cert-operator.rules.yaml")]
    [InlineData("config/dashboards/cert-operator-fleet.json", "files/dashboards/cert-operator-fleet.json")]
    [InlineData("config/dashboards/cert-operator-internals.json", "files/dashboards/cert-operator-internals.json")]
    public void The_chart_holds_what_config_holds(string source, string copy) => Holds($"{Chart}/{copy}", Read(source), source);

    [Fact]
    public void The_table_of_values_is_that_of_their_comments()
    {
        string values = Read($"{Chart}/values.yaml"), readme = Read($"{Chart}/README.md");
        Assert.Empty(ValuesTable.Undescribed(values));
        Holds($"{Chart}/README.md", Table().Replace(readme, _ => ValuesTable.Write(values)), $"{Chart}/values.yaml");
        Assert.Single(Table().Matches(readme));
    }

    [Fact]
    public void The_schema_knows_each_value_and_no_other()
    {
        JsonObject values = YamlReader.Read(Read($"{Chart}/values.yaml")).Single().Root;
        JsonNode schema = JsonNode.Parse(Read($"{Chart}/values.schema.json"))!;
        schema["properties"]!.AsObject().Remove("global");
        Assert.Equal(Paths(values).Order(StringComparer.Ordinal), SchemaPaths(schema, "").Order(StringComparer.Ordinal));

        IEnumerable<string> Paths(JsonNode? value, string path = "")
            => SchemaAt(schema, path)?["properties"] is null ? [path] : value!.AsObject().SelectMany(field => Paths(field.Value, $"{path}.{field.Key}"));
    }

    [Fact]
    public void Chart_and_image_have_the_version_of_the_program()
    {
        string version = XDocument.Parse(Read("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;
        JsonObject chart = YamlReader.Read(Read($"{Chart}/Chart.yaml")).Single().Root;
        Assert.Equal((version, version), ((string)chart["version"]!, (string)chart["appVersion"]!));
        Assert.Contains($"\nARG VERSION={version}\n", Read("Dockerfile"), StringComparison.Ordinal);
    }

    private static void Holds(string path, string expected, string source)
    {
        if (Writes)
            File.WriteAllText(Path.Combine(Repository.Root, path), expected);
        Assert.True(expected == Read(path), $"{path} is not what {source} says: run this test once with WRITE_CHART=1.");
    }

    private static IEnumerable<string> SchemaPaths(JsonNode schema, string path) => schema["properties"] is JsonObject properties
        ? properties.SelectMany(property => SchemaPaths(property.Value!, $"{path}.{property.Key}"))
        : [path];

    private static JsonNode? SchemaAt(JsonNode schema, string path)
        => path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate<string, JsonNode?>(schema, (node, name) => node?["properties"]?[name]);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    [GeneratedRegex(@"^\| value \| meaning \| default \|\n(?:\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Table();
}
