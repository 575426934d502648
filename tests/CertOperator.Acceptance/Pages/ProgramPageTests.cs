using System.Text;
using CertOperator.Pki.Formats;
using CertOperator.Testing;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Pages;

/// <summary>Pages whose commands need no cluster.</summary>
public sealed class ProgramPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-page-");

    [Fact, RunsPage("docs/local.md")]
    public async Task Local_makes_the_certificates_of_the_samples_and_those_of_an_acme_server()
    {
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await MissingPart.SkipsAsync(() => PebbleServer.StartAsync(new PebbleOptions { HttpPort = port }));
        ShellPage page = Page(new() { ["0.0.0.0:80"] = $"127.0.0.1:{port}" });
        string manifests = Directory.CreateDirectory(Path.Combine(page.Folder, "manifests")).FullName;
        await File.WriteAllTextAsync(Path.Combine(manifests, "web.yaml"), $$"""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: acme, namespace: shop}
            spec:
              acme:
                server: {{pebble.DirectoryUrl}}
                caBundle: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(pebble.TrustPem))}}
                privateKeySecretRef: {name: acme-account}
                solvers: [{http01: {} }]
            ---
            {{Manifests.Certificate("shop", "web", issuer: "{name: acme}")}}
            """);

        await AssertReadyAsync(page);

        Assert.Contains("Pebble", Pem.ReadCertificates(await File.ReadAllBytesAsync(Path.Combine(page.Folder, "secrets", "shop", "web", "tls.crt")))[0].Issuer.ToString(), StringComparison.Ordinal);
    }

    [Fact, RunsPage("README.md")]
    public async Task The_first_command_of_the_readme_makes_certificates() => await AssertReadyAsync(Page(new()
    {
        // Built and published already; and the whole check, which runs this test, is only read.
        ["dotnet run --project src/CertOperator --"] = "cert-operator",
        ["bash tests/run.sh"] = "bash -n tests/run.sh",
    }));

    [Fact, RunsPage("CONTRIBUTING.md")]
    public async Task A_test_class_runs_alone_as_contributors_are_told()
    {
        IReadOnlyList<string> printed = await Page(new()
        {
            // The whole check has just done it, in these words.
            ["dotnet build CertOperator.sln -c Release"] = "grep -F 'dotnet build CertOperator.sln -c Release' tests/run.sh",
            ["Full.Name.Of.ATestClass"] = "CertOperator.Pki.Tests.Requests.KeyUsageNamesTests",
        }).RunAsync();
        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0", printed[^1]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task AssertReadyAsync(ShellPage page)
        => Assert.Contains(await page.RunAsync(), text => text.Contains("4 of 4 Certificates ready", StringComparison.Ordinal));

    /// <summary>In a folder where the repository's own seem to be.</summary>
    private ShellPage Page(Dictionary<string, string>? replaced = null)
    {
        var page = new ShellPage(_folder.FullName) { Replaced = replaced ?? [] };
        foreach (string folder in (string[])["artifacts", "config", "tests"])
            Directory.CreateSymbolicLink(Path.Combine(page.Folder, folder), Path.Combine(Repository.Root, folder));
        return page;
    }
}
