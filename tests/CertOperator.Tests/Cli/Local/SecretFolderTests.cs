using System.Runtime.Versioning;
using CertOperator.Controllers;

namespace CertOperator.Cli.Local;

public class SecretFolderTests
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Secrets_are_written_for_the_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes.");
        using var folder = new LocalFolder(Samples.Ca + "\n---\n" + Samples.Certificate("web", "additionalOutputFormats: [{type: CombinedPEM}]"));
        Assert.Equal(ExitCodes.Ok, (await folder.OnceAsync(keep: true)).ExitCode);

        string[] files = [.. Directory.EnumerateFiles(Path.Combine(folder.Out, "shop", "web")).Order(StringComparer.Ordinal)];
        Assert.Equal(["ca.crt", "secret.yaml", "tls-combined.pem", "tls.crt", "tls.key"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.Equal(OwnerFile, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(folder.Out, "shop", "web")));
    }

    [Fact]
    public async Task A_next_session_takes_the_secrets_up_again()
    {
        using var folder = new LocalFolder(Samples.Ca + "\n---\n" + Samples.Certificate("web"));
        await folder.OnceAsync(keep: true);
        byte[] leaf = File.ReadAllBytes(folder.OutFile("web", "tls.crt"));
        byte[] root = File.ReadAllBytes(folder.OutFile("root", "tls.crt"));
        var (status, _) = await folder.OnceAsync(keep: true);

        Assert.Equal(ExitCodes.Ok, status);
        Assert.Equal(leaf, File.ReadAllBytes(folder.OutFile("web", "tls.crt")));
        Assert.Equal(root, File.ReadAllBytes(folder.OutFile("root", "tls.crt")));
    }

    [Fact]
    public async Task A_damaged_secret_is_told_and_made_anew()
    {
        using var folder = new LocalFolder(Samples.Ca + "\n---\n" + Samples.Certificate("web"));
        await folder.OnceAsync(keep: true);
        byte[] leaf = File.ReadAllBytes(folder.OutFile("web", "tls.crt"));
        File.WriteAllText(folder.OutFile("web", "secret.yaml"), "half: [a");
        var (status, state) = await folder.OnceAsync(keep: true);

        Assert.Equal(ExitCodes.Ok, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal((folder.OutFile("web", "secret.yaml"), "NotRestored"), (problem.Place, problem.Reason));
        Assert.NotEqual(leaf, File.ReadAllBytes(folder.OutFile("web", "tls.crt")));
        Assert.Empty((await folder.OnceAsync(keep: true)).State.Problems);
    }

    [Fact]
    public async Task A_format_that_is_wanted_no_more_leaves_no_key_behind()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("web.yaml", Samples.Certificate("web", "additionalOutputFormats: [{type: DER}]"));
        await folder.OnceAsync(keep: true);
        Assert.True(File.Exists(folder.OutFile("web", "key.der")));

        folder.Write("web.yaml", Samples.Certificate("web"));
        await folder.OnceAsync(keep: true);
        Assert.False(File.Exists(folder.OutFile("web", "key.der")));
        Assert.True(File.Exists(folder.OutFile("web", "tls.key")));
    }

    [Fact]
    public async Task A_secret_that_goes_leaves_only_what_others_put_beside_it()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("web.yaml", Samples.Certificate("web", "secretDeletionPolicy: Delete"));
        folder.Write("api.yaml", Samples.Certificate("api", "secretDeletionPolicy: Delete"));
        await using LocalWatch watch = folder.Watch(keep: true);
        await watch.UntilAsync("all is ready", state => state is { Certificates.Count: 3, IsGood: true });
        File.WriteAllText(folder.OutFile("web", "notes.txt"), "mine");
        folder.Remove("web.yaml");
        folder.Remove("api.yaml");
        await watch.UntilAsync("both are gone", state => state.Certificates is [{ Name: "root" }]);

        Assert.Equal(["notes.txt"], Directory.EnumerateFiles(Path.Combine(folder.Out, "shop", "web")).Select(Path.GetFileName));
        Assert.False(Directory.Exists(Path.Combine(folder.Out, "shop", "api")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        using var folder = new LocalFolder(Samples.Ca);
        Directory.CreateDirectory(folder.Out);
        File.WriteAllText(Path.Combine(folder.Out, "shop"), "in the way");
        var (status, state) = await folder.OnceAsync(keep: true);

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("Secret shop/root", "NotWritten"), (problem.Object, problem.Reason));
    }
}
