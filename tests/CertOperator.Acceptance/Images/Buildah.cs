using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Images;

/// <summary>Debian's buildah, whose images and containers are in a folder of its own and go with it.</summary>
internal sealed class Buildah : IDisposable
{
    // A build publishes the program once more, beside other tests.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-buildah-");

    /// <summary>Builds the Dockerfile of a folder, from images that are here: nothing is pulled.</summary>
    public Task BuildAsync(string image, string context, params string[] options) =>
        RunAsync(["bud", .. Trust, "--isolation", "chroot", "--pull-never", "--timestamp", "0", "--tag", image, .. options, context]);

    /// <summary>Writes an image as registries hold it.</summary>
    public async Task<OciImage> ExportAsync(string image)
    {
        string folder = Path.Combine(_folder.FullName, image.Split('/', ':')[1]);
        await RunAsync(["push", .. Trust, image, $"oci:{folder}"]);
        return new OciImage(folder);
    }

    /// <summary>The root file system of a new container.</summary>
    public async Task<string> CreateRootAsync(string image) => await RunAsync(["mount", await RunAsync(["from", .. Trust, "--pull-never", image])]);

    public void Dispose() => _folder.Delete(recursive: true);

    private static IEnumerable<string> Trust => ["--signature-policy", TestCache.BuildahPolicy];

    private async Task<string> RunAsync(IEnumerable<string> arguments)
    {
        string[] store = ["--root", Path.Combine(_folder.FullName, "store"), "--runroot", Path.Combine(_folder.FullName, "run"), "--storage-driver", "vfs", "--registries-conf", TestCache.BuildahRegistries];
        var environment = new Dictionary<string, string> { ["TMPDIR"] = _folder.FullName };
        // Other tests go first.
        CommandResult result = await Command.RunAsync("nice", [TestCache.Buildah, .. store, .. arguments], environment: environment, timeout: Timeout);
        return result.OrThrow().Trim();
    }
}
