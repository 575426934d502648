using CertOperator.Controllers;

namespace CertOperator.Cli.Local;

public class LocalWatchTests
{
    [Fact]
    public async Task Files_that_are_added_changed_and_removed_are_followed()
    {
        using var folder = new LocalFolder(Samples.Ca);
        await using LocalWatch watch = folder.Watch(keep: true);
        await watch.UntilAsync("the root is ready", state => state.Certificates is [{ Ready: true }]);

        folder.Write("web.yaml", Samples.Certificate("web"));
        await watch.UntilAsync("a new file counts", state => state.Certificates.Any(row => row is { Name: "web", Ready: true }));
        folder.Write("web.yaml", Samples.Certificate("web", issuer: "gone"));
        await watch.UntilAsync("a change counts", state => state.Certificates.Any(row => row is { Name: "web", Issuer: "Issuer/gone", Ready: false }));
        folder.Remove("web.yaml");
        await watch.UntilAsync("a removed file counts", state => state.Certificates is [{ Name: "root" }] && state.Problems.Count == 0);

        Assert.True(File.Exists(folder.OutFile("web", "tls.key")));
        Assert.Equal(ExitCodes.Ok, await watch.StopAsync());
    }

    [Fact]
    public async Task A_file_that_becomes_malformed_keeps_what_it_held_until_it_is_mended()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("web.yaml", Samples.Certificate("web"));
        await using LocalWatch watch = folder.Watch();
        await watch.UntilAsync("all is ready", state => state is { Certificates.Count: 2, IsGood: true });

        folder.Write("web.yaml", Samples.Certificate("web") + "\n  broken: [");
        await watch.UntilAsync("the file is told", state => state.Problems is [{ Reason: "Malformed" }]);
        folder.Write("web.yaml", Samples.Certificate("web") + "\n---\n" + Samples.Certificate("more"));
        await watch.UntilAsync("the mended file counts", state => state is { Certificates.Count: 3, IsGood: true });
    }

    [Fact]
    public async Task A_folder_that_vanishes_is_told_and_takes_nothing_along()
    {
        using var folder = new LocalFolder(Samples.Ca);
        await using LocalWatch watch = folder.Watch();
        await watch.UntilAsync("all is ready", state => state is { Certificates.Count: 1, IsGood: true });

        Directory.Move(folder.Manifests, folder.Manifests + ".away");
        await watch.UntilAsync("the folder is missed", state => state.Problems is [{ Reason: "FolderUnreadable" }]);
        Directory.Move(folder.Manifests + ".away", folder.Manifests);
        await watch.UntilAsync("it is found again", state => state is { Certificates.Count: 1, IsGood: true });
    }
}
