using System.Text.Json.Nodes;
using CertOperator.Runtime.Schema;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator.Api;

public class ApiDefinitionsTests
{
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "config", "crd", "crds.yaml");

    private static readonly IReadOnlyList<JsonObject> FromTypes = [CrdBuilder.Build<Certificate>(), CrdBuilder.Build<Issuer>(), CrdBuilder.Build<ClusterIssuer>()];

    [Fact]
    public void The_definitions_in_config_are_those_of_the_types()
    {
        string expected = YamlWriter.WriteAll(FromTypes);
        if (Environment.GetEnvironmentVariable("WRITE_CRDS") == "1")
            File.WriteAllText(Path, expected);
        Assert.True(expected == File.ReadAllText(Path), "config/crd/crds.yaml is not what the types say: run this test once with WRITE_CRDS=1 and build again.");
    }

    [Fact]
    public void The_program_carries_the_definitions_of_config() => Assert.Equal(File.ReadAllText(Path), ApiDefinitions.Yaml());

    [Fact]
    public void Every_field_has_a_description()
    {
        var missing = FromTypes.SelectMany(crd => Undescribed(crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!, (string)crd["metadata"]!["name"]!));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Undescribed(JsonNode schema, string path)
    {
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (name is "apiVersion" or "kind" or "metadata" || path.EndsWith("conditions", StringComparison.Ordinal))
                continue;
            if (property!["description"] is null)
                yield return $"{path}.{name}";
            JsonNode inner = property["items"] ?? property;
            foreach (string below in Undescribed(inner, $"{path}.{name}"))
                yield return below;
        }
    }
}
