using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The published binary looks at what nginx really serves.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class ServedTests(OperatorFixture fixture)
{
    private const string Metric = "certoperator_certificate_served_mismatch";

    [Fact]
    public async Task An_ingress_controller_that_does_not_reload_is_told_until_it_does()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        string ns = await cluster.CreateNamespaceAsync("served");
        await using NginxIngress nginx = await NginxIngress.StartAsync(cluster, ns);
        await using OperatorProcess certOperator = await installation.StartAsync(
            more: ["--verify-served", "--verify-served-grace", "6s", "--verify-served-port", $"{nginx.HttpsPort}", "--verify-served-loopback"]);
        await AddAsync(cluster, ns, "web");
        await installation.ReadyAsync(ns);
        await nginx.SyncAsync();
        await ServedAsync(cluster, ns, "web", "True", "Served");
        await Eventually.HoldsAsync("the metric is 0", async () => await MetricAsync(certOperator, ns, "web") == "0");

        string former = await SerialAsync(cluster, ns, "web");
        await cluster.Admin.PatchAsync(Path(ns, "web"), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["certoperator.io/renew"] = "1" } } });
        await Eventually.HoldsAsync("the certificate is replaced", async () => await SerialAsync(cluster, ns, "web") != former);
        string message = await ServedAsync(cluster, ns, "web", "False", "OtherCertificate");
        Assert.StartsWith($"127.0.0.1, the address of Ingress web, serves for web.example.com the certificate with serial {former} (for web.example.com, issued by CN=Test CA, valid until ", message, StringComparison.Ordinal);
        Assert.Contains($"holds the one with serial {await SerialAsync(cluster, ns, "web")}. It is an earlier one for the same names", message, StringComparison.Ordinal);
        Assert.Equal(former.TrimStart('0'), await OnTheWireAsync(cluster, nginx, "web"));
        await Eventually.HoldsAsync("the metric is 1", async () => await MetricAsync(certOperator, ns, "web") == "1");
        await Eventually.HoldsAsync("the Ingress has the event", async () => (await cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/events")).Any(happened =>
            (string?)happened["reason"] == "ServedMismatch" && (string?)happened["involvedObject"]!["kind"] == "Ingress"));

        await nginx.SyncAsync();
        await ServedAsync(cluster, ns, "web", "True", "Served");
        Assert.Equal((await SerialAsync(cluster, ns, "web")).TrimStart('0'), await OnTheWireAsync(cluster, nginx, "web"));
        await Eventually.HoldsAsync("the metric is 0 again", async () => await MetricAsync(certOperator, ns, "web") == "0");

        // A host that nginx has not heard of yet is given its default certificate.
        await AddAsync(cluster, ns, "late");
        Assert.Contains("It is not for this host, so the ingress controller serves its default certificate", await ServedAsync(cluster, ns, "late", "False", "OtherCertificate"), StringComparison.Ordinal);
        CommandResult audit = await Command.RunAsync(Repository.OperatorBinary, ["audit", "-n", ns, "-o", "json", "--kubeconfig", cluster.AdminKubeconfig]);
        Assert.Contains("ServedMismatch", audit.Output, StringComparison.Ordinal);
        await nginx.SyncAsync();
        await ServedAsync(cluster, ns, "late", "True", "Served");
    }

    private static string Path(string ns, string name) => $"/apis/certoperator.io/v1/namespaces/{ns}/certificates/{name}";

    /// <summary>An Ingress, and the address that its controller would report.</summary>
    private static async Task AddAsync(TestCluster cluster, string ns, string name)
    {
        await cluster.ApplyAsync(Manifests.Ingress(ns, name));
        var address = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1" }) } };
        await cluster.Admin.PatchAsync($"/apis/networking.k8s.io/v1/namespaces/{ns}/ingresses/{name}/status", new JsonObject { ["status"] = address });
    }

    private static async Task<string> SerialAsync(TestCluster cluster, string ns, string name)
        => (string)(await cluster.Admin.GetAsync(Path(ns, name)))["status"]!["serialNumber"]!;

    /// <summary>The message of the condition, once it is this.</summary>
    private static async Task<string> ServedAsync(TestCluster cluster, string ns, string name, string status, string reason)
    {
        JsonNode found = await Eventually.GetAsync($"Served of {name} is {status}, {reason}", async () =>
            (await cluster.Admin.FindAsync(Path(ns, name)))?["status"]?["conditions"]?.AsArray().FirstOrDefault(condition =>
                (string?)condition!["type"] == "Served" && (string?)condition["status"] == status && (string?)condition["reason"] == reason), TimeSpan.FromSeconds(90));
        return (string)found["message"]!;
    }

    /// <summary>The serial number that openssl sees, without zeros before it.</summary>
    private static async Task<string> OnTheWireAsync(TestCluster cluster, NginxIngress nginx, string name)
    {
        string authorities = System.IO.Path.Combine(cluster.Folder, "served-authorities.pem");
        await File.WriteAllTextAsync(authorities, cluster.Authorities);
        return (await OpenSslClient.ConnectAsync(nginx.HttpsPort, $"{name}.example.com", authorities)).Certificates[0].SerialNumber.TrimStart('0');
    }

    private static async Task<string?> MetricAsync(OperatorProcess certOperator, string ns, string name)
    {
        using var client = new HttpClient { BaseAddress = certOperator.Address };
        string[] lines = (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');
        return lines.SingleOrDefault(line => line.StartsWith($"{Metric}{{namespace=\"{ns}\",name=\"{name}\"", StringComparison.Ordinal))?.Split(' ')[^1];
    }
}
