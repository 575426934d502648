using System.Runtime.Versioning;

namespace CertOperator.Cli.Local;

public class ManifestFilesTests
{
    private const string One = "{apiVersion: v1, kind: ConfigMap, metadata: {name: one} }\n";
    private const string Two = One + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: two} }\n";

    [Fact]
    public void A_file_that_is_being_written_counts_when_it_is_whole()
    {
        using var folder = new LocalFolder(Two);
        ManifestFiles files = Files(folder);
        Assert.Equal(["one", "two"], Names(files));

        folder.Write("all.yaml", "");
        Assert.Equal(["one", "two"], Names(files));
        folder.Write("all.yaml", One);
        Assert.Equal(["one", "two"], Names(files));
        folder.Write("all.yaml", Two.Replace("two", "three", StringComparison.Ordinal));
        Assert.Equal(["one", "two"], Names(files));
        Assert.Equal(["one", "three"], Names(files));
    }

    [Fact]
    public void A_file_that_is_replaced_is_never_missed()
    {
        using var folder = new LocalFolder(One);
        ManifestFiles files = Files(folder);
        Names(files);

        folder.Remove("all.yaml");
        Assert.Equal(["one"], Names(files));
        folder.Write("all.yaml", Two);
        Assert.Equal(["one"], Names(files));
        Assert.Equal(["one", "two"], Names(files));
        folder.Remove("all.yaml");
        Names(files);
        Assert.Empty(Names(files));
    }

    [Fact]
    public void A_file_that_is_too_large_is_told_and_not_read()
    {
        using var folder = new LocalFolder(One);
        using (FileStream huge = File.Create(Path.Combine(folder.Manifests, "huge.yaml")))
            huge.SetLength(1L << 32);
        FolderContent content = Files(folder).Look();

        Assert.Equal("FileTooLarge", Assert.Single(content.Problems).Reason);
        Assert.Single(content.Manifests);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_may_not_be_read_is_told_and_read_once_it_may()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file.");
        using var folder = new LocalFolder(One);
        string path = Path.Combine(folder.Manifests, "all.yaml");
        File.SetUnixFileMode(path, UnixFileMode.None);
        ManifestFiles files = Files(folder);
        Assert.Equal("FileUnreadable", Assert.Single(files.Look().Problems).Reason);

        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.Equal(["one"], Names(files));
    }

    [Fact]
    public void The_folder_of_the_secrets_and_links_to_folders_are_left_out()
    {
        using var folder = new LocalFolder(One);
        folder.Write("out/secret.yaml", One);
        Directory.CreateSymbolicLink(Path.Combine(folder.Manifests, "loop"), folder.Manifests);
        var files = new ManifestFiles(new DirectoryInfo(folder.Manifests), new DirectoryInfo(Path.Combine(folder.Manifests, "out/")));
        Assert.Single(files.Look().Manifests);
    }

    private static ManifestFiles Files(LocalFolder folder) => new(new DirectoryInfo(folder.Manifests), except: null);

    private static IEnumerable<string> Names(ManifestFiles files) => [.. files.Look().Manifests.Select(manifest => manifest.Name)];
}
