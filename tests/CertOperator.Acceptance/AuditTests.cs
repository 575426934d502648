using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>Ingresses whose Secrets somebody else made, audited on the real API server by the operator and by the command.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed partial class AuditTests(OperatorFixture fixture)
{
    private const string Key = "tls.key", Chain = "tls.crt";

    /// <summary>What is wrong with the Secret of each Ingress. The managed ones have no fault.</summary>
    private static readonly (string Ingress, string Code)[] Faults =
        [("mixed", "KeyMismatch"), ("other", "HostNotCovered"), ("reversed", "ChainOutOfOrder"), ("stripped", "ChainIncomplete")];

    /// <summary>The operator gives a new Ingress some minutes, the command does not.</summary>
    private static readonly (string Ingress, string Code)[] FaultsAtOnce = [("away", "SecretElsewhere"), ("missing", "SecretMissing")];

    [Fact]
    public async Task What_is_wrong_is_told_by_metric_event_and_command_until_it_is_mended()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        await using OperatorProcess certOperator = await installation.StartAsync();
        string ns = await cluster.CreateNamespaceAsync("audit"), elsewhere = await cluster.CreateNamespaceAsync("elsewhere");
        await cluster.ApplyAsync(Manifests.IntermediateCa(ns) + Manifests.Ingress(ns, "good", "certoperator.io/issuer: intermediate") + Manifests.Ingress(ns, "second", "certoperator.io/issuer: intermediate"));
        await installation.ReadyAsync(ns, 3);
        JsonNode good = await SecretAsync(cluster, ns, "good"), second = await SecretAsync(cluster, ns, "second");
        await certOperator.SettleAsync();
        long since = cluster.AuditLog.Position;

        await StoreAsync(cluster, ns, "stripped", good, data => data[Chain] = Encode(Certificates(data)[0]));
        await StoreAsync(cluster, ns, "reversed", good, data => data[Chain] = Encode(string.Concat(Certificates(data).Reverse())));
        await StoreAsync(cluster, ns, "mixed", good, data => data[Key] = (string)second[Key]!);
        await StoreAsync(cluster, ns, "other", good, _ => { });
        await StoreAsync(cluster, elsewhere, "away", good, _ => { });
        await cluster.ApplyAsync(string.Concat(Faults.Concat(FaultsAtOnce).Select(fault => Ingress(ns, fault.Ingress))));

        await BecomesAsync(Faults, () => ScrapeAsync(certOperator, ns));
        await BecomesAsync(Faults, () => EventsAsync(cluster, ns));
        Assert.Equal(["create events"], installation.Writes(since, ns).Keys);
        CommandResult everywhere = await RunAsync(cluster, "json", "-A");
        Assert.Equal((1, ""), (everywhere.ExitCode, everywhere.Error));
        Assert.Equal(Faults.Concat(FaultsAtOnce).Order(), Findings(everywhere, ns));
        CommandResult sarif = await RunAsync(cluster, "sarif", "-n", ns);
        Assert.Equal((1, "2.1.0"), (sarif.ExitCode, (string?)JsonNode.Parse(sarif.Output)!["version"]));

        await StoreAsync(cluster, ns, "stripped", good, _ => { });
        await BecomesAsync(Faults[..^1], () => ScrapeAsync(certOperator, ns));
        foreach (var (ingress, _) in Faults.Concat(FaultsAtOnce))
            await cluster.Admin.DeleteAsync($"/apis/networking.k8s.io/v1/namespaces/{ns}/ingresses/{ingress}");
        await BecomesAsync([], () => ScrapeAsync(certOperator, ns));
        CommandResult clean = await RunAsync(cluster, "json", "-n", ns);
        Assert.Equal(0, clean.ExitCode);
        Assert.Empty(Findings(clean, ns));
        Assert.Equal(Faults, await EventsAsync(cluster, ns));
    }

    private static async Task BecomesAsync((string Ingress, string Code)[] expected, Func<Task<IReadOnlyList<(string Ingress, string Code)>>> look)
    {
        IReadOnlyList<(string Ingress, string Code)> seen = [];
        try
        {
            await Eventually.HoldsAsync("what is found is what is wrong", async () => expected.SequenceEqual(seen = await look()));
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, seen);
        }
    }

    private static string Ingress(string ns, string name)
        => Manifests.Ingress(ns, name, "", $"{{hosts: [{(name == "other" ? "other" : "good")}.example.com], secretName: {name}}}");

    private static async Task<JsonNode> SecretAsync(TestCluster cluster, string ns, string name)
        => (await cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/{name}"))["data"]!;

    /// <summary>A Secret that nobody's Certificate stands for, made from another one's content.</summary>
    private static Task StoreAsync(TestCluster cluster, string ns, string name, JsonNode content, Action<JsonObject> change)
    {
        var data = (JsonObject)content.DeepClone();
        change(data);
        return cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["type"] = "kubernetes.io/tls",
            ["data"] = data,
        }.ToJsonString());
    }

    private static string[] Certificates(JsonObject data)
        => [.. PemBlock().Matches(Encoding.ASCII.GetString(Convert.FromBase64String((string)data[Chain]!))).Select(block => block.Value)];

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static async Task<IReadOnlyList<(string Ingress, string Code)>> ScrapeAsync(OperatorProcess certOperator, string ns)
    {
        using var client = new HttpClient { BaseAddress = certOperator.Address };
        return [.. Finding().Matches(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
            .Where(series => series.Groups["ns"].Value == ns && series.Groups["severity"].Value != "note")
            .Select(series => (series.Groups["name"].Value, series.Groups["code"].Value)).Order()];
    }

    /// <summary>Of the Ingresses that are not managed: the managed ones have events of their Certificates.</summary>
    private static async Task<IReadOnlyList<(string Ingress, string Code)>> EventsAsync(TestCluster cluster, string ns)
        => [.. (await cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.kind=Ingress"))
            .Select(told => (Ingress: (string)told["involvedObject"]!["name"]!, Code: (string)told["reason"]!))
            .Where(told => told.Ingress is not ("good" or "second")).Order()];

    private static Task<CommandResult> RunAsync(TestCluster cluster, string format, params string[] scope)
        => Command.RunAsync(Repository.OperatorBinary, ["audit", .. scope, "-o", format, "--kubeconfig", cluster.AdminKubeconfig]);

    private static IReadOnlyList<(string Ingress, string Code)> Findings(CommandResult audit, string ns)
        => [.. JsonNode.Parse(audit.Output)!["findings"]!.AsArray().Where(row => (string?)row!["namespace"] == ns && (string?)row["severity"] != "note")
            .Select(row => ((string)row!["ingress"]!, (string)row["code"]!)).Order()];

    [GeneratedRegex("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", RegexOptions.Singleline)]
    private static partial Regex PemBlock();

    [GeneratedRegex("""^certoperator_ingress_audit_findings\{namespace="(?<ns>[^"]*)",name="(?<name>[^"]*)",code="(?<code>[^"]*)",severity="(?<severity>[^"]*)"\} 1""", RegexOptions.Multiline)]
    private static partial Regex Finding();
}
