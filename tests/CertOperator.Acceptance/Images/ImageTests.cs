using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertOperator.Testing;

namespace CertOperator.Acceptance.Images;

/// <summary>What the Dockerfile makes, and what of it does not depend on a build.</summary>
public sealed partial class ImageTests(ImageFixture fixture)
{
    private const string Binary = "cert-operator", BillOfMaterials = "sbom.cdx.json";

    [Fact]
    public async Task The_image_tells_what_it_is_and_starts_the_operator_as_nobody()
    {
        JsonNode image = (await fixture.ImageAsync()).Config, config = image["config"]!;
        Assert.Equal(("amd64", "linux", "1970-01-01T00:00:00Z"), ((string?)image["architecture"], (string?)image["os"], (string?)image["created"]));
        Assert.Equal("65532:65532", (string?)config["User"]);
        Assert.Equal(["/cert-operator"], Words(config["Entrypoint"]));
        Assert.Equal(["run"], Words(config["Cmd"]));
        Assert.Equal(["8080/tcp", "8089/tcp", "8443/tcp"], config["ExposedPorts"]!.AsObject().Select(port => port.Key).Order(StringComparer.Ordinal));
        Dictionary<string, string> labels = config["Labels"]!.AsObject().Where(label => label.Key.StartsWith("org.opencontainers.image.", StringComparison.Ordinal))
            .ToDictionary(label => label.Key.Split("image.")[1], label => (string)label.Value!);
        Assert.Equal(["base.name", "created", "description", "licenses", "revision", "source", "title", "version"], labels.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((ImageFixture.Source, await ImageFixture.RevisionAsync()), (labels["source"], labels["revision"]));
        Assert.Equal((ImageFixture.Base, Version()), (labels["base.name"], labels["version"]));
    }

    [Fact]
    public async Task Beside_its_base_the_image_is_one_layer_of_two_files()
    {
        JsonNode layer = Assert.Single(await fixture.OwnLayersAsync());
        OciImage image = await fixture.ImageAsync();
        IReadOnlyList<LayerFile> files = image.Files(layer);
        Assert.Equal([Binary, BillOfMaterials], files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(DateTimeOffset.UnixEpoch, file.Modified));
        Assert.All(files, file => Assert.Equal(UnixFileMode.None, file.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.SetUser | UnixFileMode.SetGroup)));
        Assert.Equal(["/cert-operator"], await (await fixture.RootAsync()).ProgramsAsync());
        Assert.InRange(OciImage.Size(layer), 1, 25_000_000);
        Measurements.Add("Image without its base, compressed", $"{OciImage.Size(layer) / 1_000_000.0:F1} MB");
    }

    /// <summary>Two publishes of one commit, in different folders, with and without the git repository beside the sources.</summary>
    [Fact]
    public async Task The_same_sources_give_the_same_binary_byte_by_byte()
    {
        OciImage image = await fixture.ImageAsync();
        Dictionary<string, string> built = image.Files(Assert.Single(await fixture.OwnLayersAsync())).ToDictionary(file => file.Path, file => file.Sha256);
        Assert.Equal(await Sha256Async(Repository.OperatorBinary), built[Binary]);
        Assert.Equal(await Sha256Async(Path.Combine(Repository.Root, "src", "CertOperator", BillOfMaterials)), built[BillOfMaterials]);
    }

    [Fact]
    public async Task The_binary_needs_no_library_that_the_base_lacks()
    {
        IReadOnlyList<string> needed = await ImageRoot.NeededAsync(Repository.OperatorBinary);
        Assert.NotEmpty(needed);
        Assert.All(needed, library => Assert.Contains(library, ImageRoot.BaseLibraries));
    }

    [Fact]
    public async Task The_images_to_build_from_are_named_without_a_registry_and_what_is_built_exists()
    {
        string file = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"), TestContext.Current.CancellationToken);
        string[] images = [.. ImageArgument().Matches(file).Select(image => image.Groups["name"].Value)];
        Assert.Equal(2, images.Length);
        // The part of a name before the first slash is a registry if it has a dot or a colon.
        Assert.All(images, image => Assert.DoesNotMatch("^[^/]*[.:][^/]*/", image));
        Assert.All(From().Matches(file), from => Assert.StartsWith("${", from.Groups["image"].Value, StringComparison.Ordinal));
        IEnumerable<string> context = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".dockerignore"), TestContext.Current.CancellationToken)).Where(line => line[0] == '!');
        Assert.All(context, line => Assert.True(Path.Exists(Path.Combine(Repository.Root, line[1..])), $"{line[1..]} does not exist."));
    }

    private static string Version() => XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    private static IEnumerable<string> Words(JsonNode? words) => words!.AsArray().Select(word => (string)word!);

    private static async Task<string> Sha256Async(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken));
    }

    [GeneratedRegex(@"^ARG [A-Z]+_IMAGE=(?<name>\S+)$", RegexOptions.Multiline)]
    private static partial Regex ImageArgument();

    [GeneratedRegex(@"^FROM (?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
