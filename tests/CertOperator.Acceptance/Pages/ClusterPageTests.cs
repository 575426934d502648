using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Pages;

/// <summary>The commands of pages that speak of an operator at work.</summary>
public sealed class ClusterPageTests(PageFixture fixture) : IClassFixture<PageFixture>
{
    [Fact, RunsPage("docs/audit.md")]
    public async Task An_audit_of_what_is_well_finds_nothing()
    {
        PageWorld world = await fixture.GetAsync();
        var page = new ShellPage(world.Cluster.Folder, world.Cluster);
        await page.RunAsync();
        JsonNode sarif = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(page.Folder, "audit.sarif"), TestContext.Current.CancellationToken))!;
        Assert.Equal("cert-operator", (string?)sarif["runs"]![0]!["tool"]!["driver"]!["name"]);
    }

    [Fact, RunsPage("docs/cli.md")]
    public async Task The_command_line_does_what_its_page_says()
    {
        PageWorld world = await fixture.GetAsync();
        var page = new ShellPage(world.Cluster.Folder, world.Cluster)
        {
            Replaced = new Dictionary<string, string>
            {
                // The roots of this machine do not know the CA of the test.
                ["443 --timeout 5"] = "443 --ca ca.crt --timeout 5",
                ["inspect shop.example.com:443"] = $"inspect --sni shop.example.com 127.0.0.1:{world.Nginx.HttpsPort}",
                ["/usr/local/bin"] = "\"$BIN\"",
                // kubectl learns from this server, the oldest, what a definition may hold.
                ["apply --server-side"] = "apply --validate=false",
            },
        };
        JsonNode secret = await SecretAsync(world, "shop-tls");
        foreach (string entry in (string[])["ca.crt", "tls.crt"])
            await File.WriteAllBytesAsync(Path.Combine(page.Folder, entry), Convert.FromBase64String((string)secret["data"]![entry]!), TestContext.Current.CancellationToken);

        await page.RunAsync();
        await Eventually.HoldsAsync("what was renewed by the page's commands is stored", async () => !JsonNode.DeepEquals(secret["data"], (await SecretAsync(world, "shop-tls"))["data"]));
        await world.Nginx.SyncAsync();
    }

    [Fact, RunsPage("docs/issuers.md")]
    public async Task The_secret_of_a_ca_is_made_as_the_page_says()
    {
        PageWorld world = await fixture.GetAsync();
        var page = new ShellPage(world.Cluster.Folder, world.Cluster);
        string[] authority = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Company CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-days", "30"];
        (await Command.RunAsync("openssl", [.. authority, "-keyout", Path.Combine(page.Folder, "ca-key.pem"), "-out", Path.Combine(page.Folder, "ca-chain.pem")])).OrThrow();

        await page.RunAsync();
        await world.Cluster.ApplyAsync(Fence.Of(page.Page).Single(fence => fence is { Heading: "`ca`", Language: "yaml" }).Text);
        await Eventually.HoldsAsync(
            "the issuer of the page is ready", async () => OperatorInstallation.IsReady(await world.Cluster.Admin.GetAsync("/apis/certoperator.io/v1/clusterissuers/company-ca")));
    }

    [Fact, RunsPage("docs/rotation.md")]
    public async Task A_certificate_is_renewed_and_put_back_as_the_page_says()
    {
        PageWorld world = await fixture.GetAsync();
        for (int revision = 1; revision < 4; revision++)
            (await Command.RunAsync(Repository.OperatorBinary, ["renew", "web", "-n", PageWorld.Namespace, "--wait", "--kubeconfig", world.Cluster.AdminKubeconfig])).OrThrow();

        IReadOnlyList<string> printed = await new ShellPage(world.Cluster.Folder, world.Cluster).RunAsync();
        Assert.Contains(printed, text => text.Contains("carries revision 3 again", StringComparison.Ordinal));
        await Eventually.HoldsAsync("the Secret carries revision 3", async () => (string?)(await SecretAsync(world, "web"))["metadata"]!["annotations"]!["certoperator.io/revision"] == "3");
    }

    private static Task<JsonNode> SecretAsync(PageWorld world, string name) => world.Cluster.Admin.GetAsync($"/api/v1/namespaces/{PageWorld.Namespace}/secrets/{name}");
}
