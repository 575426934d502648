using System.Text.RegularExpressions;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>What of the image can be seen without an engine that builds it.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed partial class ImageTests(OperatorFixture fixture)
{
    [Fact]
    public async Task The_binary_works_in_a_root_that_holds_only_what_the_base_has_and_that_nobody_can_write()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can make a file system that is read-only.");
        OperatorInstallation installation = await fixture.GetAsync();
        TestCluster cluster = installation.Cluster;
        using ImageRoot root = await ImageRoot.CreateAsync(await cluster.ServiceAccountKubeconfigAsync(OperatorInstallation.Namespace, "cert-operator"));
        int port = FreePorts.Take(1)[0];
        string[] arguments = ["run", "--kubeconfig", "/kubeconfig", "--namespace", OperatorInstallation.Namespace, "--listen", $"127.0.0.1:{port}", "--leader-elect=false"];
        await using OperatorProcess certOperator = await OperatorProcess.StartAsync(
            "sh", root.Arguments(arguments), port, Path.Combine(cluster.Folder, $"image-{port}.log"));

        string ns = await cluster.CreateNamespaceAsync("image");
        await cluster.ApplyAsync(Manifests.Certificate(ns, "web"));
        await installation.ReadyAsync(ns);

        string status = await File.ReadAllTextAsync($"/proc/{certOperator.Id}/status", TestContext.Current.CancellationToken);
        Assert.Matches(@"Uid:\s+65532\s+65532\s+65532\s+65532\n", status);
        Assert.All(["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Matches($@"{set}:\s+0+\n", status));
        Assert.Matches(@"NoNewPrivs:\s+1\n", status);
        Assert.Equal("", await File.ReadAllTextAsync($"/proc/{certOperator.Id}/environ", TestContext.Current.CancellationToken));
        string maps = await File.ReadAllTextAsync($"/proc/{certOperator.Id}/maps", TestContext.Current.CancellationToken);
        string[] loaded = [.. Library().Matches(maps).Select(library => library.Groups["name"].Value).Distinct()];
        Assert.Contains("libssl.so.3", loaded);
        Assert.All(loaded, library => Assert.Contains(library, ImageRoot.BaseLibraries));
        Assert.Equal(0, await certOperator.StopAsync());
    }

    [Fact]
    public async Task The_binary_needs_no_library_that_the_base_lacks()
    {
        IReadOnlyList<string> needed = await ImageRoot.NeededAsync(Repository.OperatorBinary);
        Assert.NotEmpty(needed);
        Assert.All(needed, library => Assert.Contains(library, ImageRoot.BaseLibraries));
    }

    [Fact]
    public async Task The_image_names_no_registry_copies_what_exists_and_is_not_root()
    {
        string file = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"), TestContext.Current.CancellationToken);
        string[] images = [.. ImageArgument().Matches(file).Select(image => image.Groups["name"].Value)];
        Assert.Equal(2, images.Length);
        // The part of a name before the first slash is a registry if it has a dot or a colon.
        Assert.All(images, image => Assert.DoesNotMatch("^[^/]*[.:][^/]*/", image));
        Assert.All(From().Matches(file), from => Assert.StartsWith("${", from.Groups["image"].Value, StringComparison.Ordinal));
        Assert.Contains("\nUSER 65532:65532\n", file, StringComparison.Ordinal);
        Assert.Equal(
            ["base.name", "created", "description", "licenses", "revision", "source", "title", "version"],
            Label().Matches(file).Select(label => label.Groups["name"].Value).Order(StringComparer.Ordinal));
        Assert.All(CopyFromSource().Matches(file), copied => Assert.True(Path.Exists(Path.Combine(Repository.Root, copied.Groups["path"].Value)), $"{copied.Value} does not exist."));
        IEnumerable<string> context = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".dockerignore"), TestContext.Current.CancellationToken)).Where(line => line[0] == '!');
        Assert.All(context, line => Assert.True(Path.Exists(Path.Combine(Repository.Root, line[1..])), $"{line[1..]} does not exist."));
    }

    [GeneratedRegex(@"/(?<name>(?:lib|ld-)[^/\s]*\.so[^/\s]*)$", RegexOptions.Multiline)]
    private static partial Regex Library();

    [GeneratedRegex(@"^ARG [A-Z]+_IMAGE=(?<name>\S+)$", RegexOptions.Multiline)]
    private static partial Regex ImageArgument();

    [GeneratedRegex(@"org\.opencontainers\.image\.(?<name>[a-z.]+)=""")]
    private static partial Regex Label();

    [GeneratedRegex(@" /source/(?<path>\S+)")]
    private static partial Regex CopyFromSource();

    [GeneratedRegex(@"^FROM (?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
