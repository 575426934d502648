using System.Text.RegularExpressions;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Images;

/// <summary>The image's files run as the chart has a container run: nothing can be written, nothing is allowed.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed partial class ContainerTests(OperatorFixture operators, ImageFixture images)
{
    [Fact]
    public async Task The_operator_works_in_the_image_where_nobody_can_write_and_with_no_rights()
    {
        ImageRoot root = await images.RootAsync();
        OperatorInstallation installation = await operators.GetAsync();
        TestCluster cluster = installation.Cluster;
        await root.PrepareAsync(await cluster.ServiceAccountKubeconfigAsync(OperatorInstallation.Namespace, "cert-operator"));
        string version = (await Command.RunAsync("sh", root.Arguments(["version"]))).OrThrow();
        Assert.Contains(await ImageFixture.RevisionAsync(), version, StringComparison.Ordinal);

        int port = FreePorts.Take(1)[0];
        string[] arguments = ["run", "--kubeconfig", "/kubeconfig", "--namespace", OperatorInstallation.Namespace, "--listen", $"127.0.0.1:{port}", "--leader-elect=false"];
        await using OperatorProcess certOperator = await OperatorProcess.StartAsync(
            "sh", root.Arguments(arguments), port, Path.Combine(cluster.Folder, $"image-{port}.log"));

        string ns = await cluster.CreateNamespaceAsync("image");
        await cluster.ApplyAsync(Manifests.Certificate(ns, "web"));
        await installation.ReadyAsync(ns);

        string status = await ReadAsync("status");
        Assert.Matches(@"Uid:\s+65532\s+65532\s+65532\s+65532\n", status);
        Assert.All(["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Matches($@"{set}:\s+0+\n", status));
        Assert.Matches(@"NoNewPrivs:\s+1\n", status);
        Assert.Equal("", await ReadAsync("environ"));
        Assert.Matches(" / ro,", await ReadAsync("mountinfo"));
        string[] loaded = [.. Library().Matches(await ReadAsync("maps")).Select(library => library.Groups["name"].Value).Distinct()];
        Assert.Contains("libssl.so.3", loaded);
        Assert.All(loaded, library => Assert.Contains(library, ImageRoot.BaseLibraries));
        Assert.Equal(0, await certOperator.StopAsync());

        Task<string> ReadAsync(string file) => File.ReadAllTextAsync($"/proc/{certOperator.Id}/{file}", TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"/(?<name>(?:lib|ld-)[^/\s]*\.so[^/\s]*)$", RegexOptions.Multiline)]
    private static partial Regex Library();
}
