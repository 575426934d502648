using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;

namespace CertOperator.Api;

/// <summary>The examples of docs/dns.md are what the API server and the operator take.</summary>
public partial class DnsPageTests
{
    [Fact]
    public void Every_example_is_kept_whole_and_breaks_no_rule()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dns.md"));
        JsonObject[] examples = [.. Example().Matches(page).Select(match => YamlReader.Read(match.Groups[1].Value).Single().Root)];

        Assert.Equal(9, examples.SelectMany(example => example["dns01"]!.AsObject()).Where(member => member.Value is JsonObject).Select(member => member.Key).Distinct().Count());
        Assert.All(examples, example =>
        {
            JsonObject issuer = Issuer(example);
            JsonObject stored = Store(issuer);
            Issuer read = stored.Deserialize(ApiJson.Default.Issuer)!;

            Assert.True(JsonNode.DeepEquals(issuer["spec"], stored["spec"]), stored.ToJsonString());
            Assert.True(JsonNode.DeepEquals(issuer["spec"], JsonSerializer.SerializeToNode(read, ApiJson.Default.Issuer)!["spec"]), stored.ToJsonString());
            Assert.Empty(IssuerRules.Check(read.Spec));
        });
    }

    private static JsonObject Issuer(JsonObject solver) => new()
    {
        ["apiVersion"] = "certoperator.io/v1",
        ["kind"] = "Issuer",
        ["metadata"] = new JsonObject { ["name"] = "acme", ["namespace"] = "shop" },
        ["spec"] = new JsonObject
        {
            ["acme"] = new JsonObject
            {
                ["server"] = "https://acme.example.com/directory",
                ["privateKeySecretRef"] = new JsonObject { ["name"] = "account" },
                ["externalAccountBinding"] = new JsonObject { ["keyID"] = "1", ["keySecretRef"] = new JsonObject { ["name"] = "eab" } },
                ["solvers"] = new JsonArray(solver.DeepClone()),
            },
        },
    };

    private static JsonObject Store(JsonObject issuer)
    {
        var cluster = new InMemoryCluster(TimeProvider.System, new InMemoryClusterOptions { CreateNamespaces = true });
        foreach (JsonObject definition in ApiDefinitions.Documents())
            cluster.RegisterCrd(definition);
        cluster.Apply(issuer.DeepClone().AsObject(), "kubectl");
        return cluster.List(Api.Issuer.Type, "shop").Single();
    }

    [GeneratedRegex("```yaml part\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
