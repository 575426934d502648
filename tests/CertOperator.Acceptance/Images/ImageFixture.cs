using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Images;

/// <summary>
/// The image as the Dockerfile makes it, built by the first test that asks for it. Its two base images are made here, for
/// no registry can be asked: one holds this machine's SDK, compiler and packages; the other, files of Debian's packages.
/// </summary>
public sealed class ImageFixture : IDisposable
{
    public const string Source = "https://git.example.com/cert-operator";

    internal const string Base = "localhost/runtime-deps:test";

    private const string Sdk = "localhost/sdk:test", Image = "localhost/cert-operator:test";

    private readonly Buildah _buildah = new();
    private readonly Lazy<Task<(OciImage Image, OciImage Base)>> _built;

    public ImageFixture() => _built = new(BuildAsync);

    /// <summary>The commit that the published binary knows; none outside of a repository.</summary>
    public static async Task<string> RevisionAsync()
    {
        JsonNode version = JsonNode.Parse((await Command.RunAsync(Repository.OperatorBinary, ["version", "-o", "json"])).OrThrow())!;
        return (string?)version["commit"] ?? "";
    }

    internal async Task<OciImage> ImageAsync() => (await BuiltAsync()).Image;

    /// <summary>The layers that are not the base's.</summary>
    internal async Task<IReadOnlyList<JsonNode>> OwnLayersAsync()
    {
        (OciImage image, OciImage inherited) = await BuiltAsync();
        return [.. image.Layers.Skip(inherited.Layers.Count)];
    }

    /// <summary>The root file system of a container of the image.</summary>
    internal async Task<ImageRoot> RootAsync()
    {
        await BuiltAsync();
        return new ImageRoot(await _buildah.CreateRootAsync(Image));
    }

    public void Dispose() => _buildah.Dispose();

    private Task<(OciImage Image, OciImage Base)> BuiltAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can build an image without a container engine.");
        return MissingPart.SkipsAsync(() => _built.Value);
    }

    private async Task<(OciImage Image, OciImage Base)> BuildAsync()
    {
        DirectoryInfo contexts = Directory.CreateTempSubdirectory("cert-operator-image-");
        try
        {
            await BuildBaseAsync(contexts, Base, TestCache.ImageBase, "");
            await BuildBaseAsync(contexts, Sdk, MachineRoot(contexts.CreateSubdirectory("machine")), "ENV PATH=/dotnet:/usr/bin");
            string[] mounted = ["/usr:/usr", $"{DotnetFolder}:/dotnet", $"{PackagesFolder}:/root/.nuget/packages"];
            string[] arguments = [$"SDK_IMAGE={Sdk}", $"BASE_IMAGE={Base}", $"SOURCE={Source}", $"REVISION={await RevisionAsync()}"];
            await _buildah.BuildAsync(Image, Repository.Root, [.. mounted.Select(mount => $"--volume={mount}:ro"), .. arguments.Select(argument => $"--build-arg={argument}")]);
            return (await _buildah.ExportAsync(Image), await _buildah.ExportAsync(Base));
        }
        finally
        {
            contexts.Delete(recursive: true);
        }
    }

    private Task BuildBaseAsync(DirectoryInfo contexts, string image, string root, string more)
    {
        string file = Path.Combine(contexts.FullName, "Dockerfile");
        File.WriteAllText(file, $"FROM scratch\nCOPY . /\n{more}\n");
        return _buildah.BuildAsync(image, root, "--file", file);
    }

    /// <summary>A root with hardly a file of its own: what is in /usr, the SDK and the packages are mounted.</summary>
    private static string MachineRoot(DirectoryInfo root)
    {
        foreach (string folder in (string[])["etc", "usr", "dotnet", "root/.nuget/packages", "tmp"])
            root.CreateSubdirectory(folder);
        foreach (string link in (string[])["bin", "lib", "lib64"])
            File.CreateSymbolicLink(Path.Combine(root.FullName, link), $"usr/{link}");
        File.WriteAllText(Path.Combine(root.FullName, "etc", "passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        return root.FullName;
    }

    /// <summary>The folder of the dotnet that runs this test: the runtime is in shared/Microsoft.NETCore.App/VERSION below it.</summary>
    private static string DotnetFolder => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    private static string PackagesFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
