using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing.Api;

namespace CertOperator.Cli.Audits;

/// <summary>The command on a cluster that no operator runs in.</summary>
public sealed class AuditCommandTests : IAsyncLifetime
{
    private const string Broken = "{hosts: [web.example.com, other.example.com], secretName: web}";

    private readonly FakeTimeProvider _time = new(KeyPairFixture.Issued.AddDays(1));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-audit-");
    private readonly InMemoryCluster _cluster;
    private FakeApiServer _server = null!;

    public AuditCommandTests() => _cluster = new InMemoryCluster(_time, new InMemoryClusterOptions { CreateNamespaces = true });

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(_cluster, token: "t-1", https: true);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config"), $$"""
            {apiVersion: v1, kind: Config, current-context: test, contexts: [{name: test, context: {cluster: test, user: test} }],
             clusters: [{name: test, cluster: {server: '{{_server.Address}}', certificate-authority-data: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(_server.Certificate!.ExportCertificatePem()))}} } }],
             users: [{name: test, user: {token: t-1} }]}
            """);
        Apply("{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'} }, spec: {controller: a.example/b} }");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_clean_cluster_ends_with_0()
    {
        AddSecret("shop", "good");
        AddIngress("web", "{hosts: [web.example.com], secretName: web}");
        (int status, string output) = await RunAsync("-A");
        Assert.Equal("Nothing found in 1 Ingresses with TLS.\n", output);
        Assert.Equal(0, status);
    }

    [Fact]
    public async Task Findings_end_with_1_and_stand_in_a_table()
    {
        AddSecret("shop", "good");
        AddIngress("web", Broken);
        (int status, string output) = await RunAsync("-n", "shop");
        string[] lines = output.Split('\n');
        Assert.Equal(1, status);
        Assert.Equal(["NAMESPACE", "INGRESS", "SEVERITY", "CODE", "MESSAGE"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("is for web.example.com, not for other.example.com. Have a certificate issued", Assert.Single(lines[1..], line => line.Contains("HostNotCovered", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_alone_end_with_0()
    {
        AddIngress("web", "{hosts: [web.example.com]}");
        (int status, string output) = await RunAsync("-A");
        Assert.Equal(0, status);
        Assert.Contains("DefaultCertificate", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_is_audited_by_itself()
    {
        AddSecret("other", "good");
        AddIngress("web", Broken);
        Assert.Equal(["SecretElsewhere"], Codes((await RunAsync("-A", "-o", "json")).Output));
        Assert.Equal(["SecretMissing"], Codes((await RunAsync("-n", "shop", "-o", "json")).Output));
        Assert.Equal(0, (await RunAsync("-n", "other")).Status);
    }

    [Fact]
    public async Task A_Secret_that_a_Certificate_is_to_fill_is_not_missing()
    {
        foreach (var definition in ApiDefinitions.Documents())
            _cluster.RegisterCrd(definition);
        Apply(Samples.Certificate("web"));
        AddIngress("web", "{hosts: [web.example.com], secretName: web}");
        AddIngress("managed", "{hosts: [managed.example.com], secretName: managed}", "certoperator.io/issuer: ca");
        Assert.Equal(0, (await RunAsync("-A")).Status);
    }

    [Fact]
    public async Task Sarif_has_its_required_parts_and_its_indices_fit()
    {
        AddSecret("shop", "key of another");
        AddIngress("web", "{hosts: [web.example.com], secretName: web}");
        (int status, string output) = await RunAsync("-A", "-o", "sarif");
        Assert.Equal(1, status);
        JsonNode log = JsonNode.Parse(output)!;
        Assert.Equal("2.1.0", (string?)log["version"]);
        JsonNode run = Assert.Single(log["runs"]!.AsArray())!;
        JsonArray rules = run["tool"]!["driver"]!["rules"]!.AsArray();
        Assert.Equal("cert-operator", (string?)run["tool"]!["driver"]!["name"]);
        Assert.Equal(AuditCodes.All.Select(code => code.Name), rules.Select(rule => (string?)rule!["id"]));
        Assert.All(rules, rule => Assert.Contains((string?)rule!["defaultConfiguration"]!["level"], (string[])["note", "warning", "error"]));
        JsonNode result = Assert.Single(run["results"]!.AsArray(), result => (string?)result!["level"] == "error")!;
        Assert.Equal("KeyMismatch", (string?)result["ruleId"]);
        Assert.Equal((string?)result["ruleId"], (string?)rules[(int)result["ruleIndex"]!]!["id"]);
        Assert.NotEmpty((string)result["message"]!["text"]!);
        Assert.Equal("shop/Ingress/web", (string?)result["locations"]![0]!["logicalLocations"]![0]!["fullyQualifiedName"]);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_ends_with_2()
    {
        await _server.DisposeAsync();
        (int status, string output) = await RunAsync("-A");
        Assert.Equal(2, status);
        Assert.Contains("Check that https://127.0.0.1", output, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Codes(string output)
        => JsonNode.Parse(output)!["findings"]!.AsArray().Where(finding => (string?)finding!["severity"] != "note").Select(finding => (string?)finding!["code"]);

    private async Task<(int Status, string Output)> RunAsync(params string[] arguments)
    {
        var root = new RootCommand { AuditCommand.Create(new Shell { Time = _time }) };
        using var output = new StringWriter();
        int status = await root.Parse(["audit", "--kubeconfig", Path.Combine(_folder.FullName, "config"), .. arguments])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (status, output.ToString());
    }

    private void AddSecret(string ns, string content)
    {
        JsonObject secret = KeyPairFixture.Manifest(content);
        secret["metadata"]!["namespace"] = ns;
        _cluster.Apply(secret, "kubectl");
    }

    private void AddIngress(string name, string tls, string annotations = "")
    {
        Apply(Samples.Ingress(name, tls, annotations));
        _cluster.Patch(Ingress.Type, new ObjectKey("shop", name), JsonNode.Parse("""{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}""")!.AsObject(), "status");
    }

    private void Apply(string yaml)
    {
        foreach (YamlDocument document in YamlReader.Read(yaml))
            _cluster.Apply(document.Root, "kubectl");
    }
}
