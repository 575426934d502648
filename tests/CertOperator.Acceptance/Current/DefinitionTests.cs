using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance.Current;

/// <summary>The CustomResourceDefinitions and their rules, as a current server judges them.</summary>
public sealed class DefinitionTests(DefinitionTests.Defined defined) : IClassFixture<DefinitionTests.Defined>
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    [Fact]
    public async Task The_server_is_the_one_that_was_built()
    {
        TestCluster cluster = await defined.GetAsync();
        string version = await cluster.DefinitionsVersionAsync();
        Measurements.Add("current apiextensions-apiserver", version);
        Assert.Contains($"golang-k8s-apiextensions-apiserver-dev 0{version["v1".Length..]}-", await File.ReadAllTextAsync(TestCache.Versions("apiextensions")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_definitions_are_stored_as_they_are_and_without_a_warning()
    {
        TestCluster cluster = await defined.GetAsync();
        foreach (JsonObject definition in ApiDefinitions.Documents())
        {
            var (stored, warnings) = await cluster.Admin.TryApplyAsync($"{Definitions}/{definition["metadata"]!["name"]}", definition);
            Assert.Empty(warnings);
            Assert.True(JsonNode.DeepEquals(definition["spec"]!["versions"], stored["spec"]!["versions"]), stored.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(SpecTable.Specs), MemberType = typeof(SpecTable))]
    public async Task The_server_says_what_the_operator_says(string kind, string yaml, string? sentence)
    {
        TestCluster cluster = await defined.GetAsync();
        JsonObject item = YamlReader.Read($"{{apiVersion: certoperator.io/v1, kind: {kind}, metadata: {{name: web}}, spec: {yaml} }}").Single().Root;

        Assert.Equal(sentence, await RefusalAsync(cluster.Admin.CreateAsync($"{CollectionOf(item)}?dryRun=All&fieldValidation=Strict", item)));
    }

    [Fact]
    public async Task Every_sample_is_taken_without_a_warning()
    {
        TestCluster cluster = await defined.GetAsync();
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "config", "samples"), "*.yaml", SearchOption.AllDirectories);
        JsonObject[] samples = [.. files.SelectMany(file => YamlReader.Read(File.ReadAllText(file))).Select(document => document.Root).Where(item => (string?)item["apiVersion"] == "certoperator.io/v1")];
        Assert.NotEmpty(samples);
        foreach (JsonObject item in samples)
        {
            (item["metadata"] as JsonObject)!.Remove("namespace");
            Assert.Empty((await cluster.Admin.TryApplyAsync($"{CollectionOf(item)}/{item["metadata"]!["name"]}", item)).Warnings);
        }
    }

    private static string CollectionOf(JsonObject item)
    {
        string kind = (string)item["kind"]!;
        return $"/apis/certoperator.io/v1/{(kind == "ClusterIssuer" ? "" : "namespaces/default/")}{kind.ToLowerInvariant()}s";
    }

    /// <summary>What is wrong with a field, in the server's words; null if it takes the object.</summary>
    private static async Task<string?> RefusalAsync(Task request)
    {
        try
        {
            await request;
            return null;
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.UnprocessableEntity)
        {
            return refused.Message.Split("Invalid value: ", 2)[^1];
        }
    }

    /// <summary>The cluster with the definitions in force.</summary>
    public sealed class Defined(CurrentClusterFixture fixture)
    {
        private readonly Lazy<Task<TestCluster>> _cluster = new(async () =>
        {
            TestCluster cluster = await fixture.GetAsync();
            await cluster.DefineAsync(Path.Combine(Repository.Root, "config", "crd", "crds.yaml"));
            return cluster;
        });

        public Task<TestCluster> GetAsync() => _cluster.Value;
    }
}
