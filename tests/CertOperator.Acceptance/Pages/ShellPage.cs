using System.Reflection;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;
using Xunit.v3;

namespace CertOperator.Acceptance.Pages;

/// <summary>
/// The shell commands of the page of the running test (<see cref="RunsPageAttribute"/>), run block by block as they stand there,
/// in a folder of their own, with the published cert-operator on the path and, where there is a cluster, kubectl and its administrator.
/// </summary>
internal sealed class ShellPage
{
    private readonly TestCluster? _cluster;
    private readonly string _bin;

    /// <param name="folder">Where the commands run.</param>
    /// <param name="cluster">Which they ask, if any.</param>
    public ShellPage(string folder, TestCluster? cluster = null)
    {
        var test = (IXunitTestMethod)TestContext.Current.TestMethod!;
        Page = test.Method.GetCustomAttribute<RunsPageAttribute>()!.Page;
        Folder = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileNameWithoutExtension(Page))).FullName;
        _cluster = cluster;
        _bin = Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(_bin, "cert-operator"), Repository.OperatorBinary);
        if (cluster is not null)
            File.CreateSymbolicLink(Path.Combine(_bin, "kubectl"), TestCache.Kubectl);
    }

    public string Page { get; }

    public string Folder { get; }

    /// <summary>What cannot be as the page has it, such as an address of the internet, and what is there instead.</summary>
    public IReadOnlyDictionary<string, string> Replaced { get; init; } = new Dictionary<string, string>();

    /// <summary>The kubeconfig; that of the cluster's administrator if it is not set.</summary>
    public string? Kubeconfig { get; init; }

    /// <returns>What each block printed; a block of which a command fails fails the test.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_bin}:{Environment.GetEnvironmentVariable("PATH")}",
            ["BIN"] = _bin,
            ["HOME"] = Folder,
            ["LD_LIBRARY_PATH"] = TestCache.Libraries("shells"),
            ["KUBECONFIG"] = Kubeconfig ?? _cluster?.AdminKubeconfig ?? "",
        };
        var printed = new List<string>();
        foreach (Fence block in Fence.Of(Page, Replace).Where(fence => Fence.Shells.Contains(fence.Language)))
        {
            (string shell, string start) = await ShellAsync(block.Language);
            CommandResult result = await Command.RunAsync(shell, ["-c", $"{start}\ncd '{Folder}'\n{block.Text}"], environment: environment);
            Assert.True(result.ExitCode == 0, $"{Page}:{block.Line}: a command ends with {result.ExitCode}:\n{block.Text}\n{result.Output}\n{result.Error}");
            printed.Add(result.Output);
        }

        Assert.NotEmpty(printed);
        return printed;
    }

    private static Task<(string Shell, string Start)> ShellAsync(string language) => MissingPart.SkipsAsync(() => Task.FromResult(language switch
    {
        "zsh" => (TestCache.Zsh, TestCache.ZshStart),
        "fish" => (TestCache.Fish, TestCache.FishStart),
        _ => ("bash", "set -euo pipefail"),
    }));

    private string Replace(string text)
    {
        foreach (var (what, by) in Replaced)
        {
            Assert.Contains(what, text, StringComparison.Ordinal);
            text = text.Replace(what, by, StringComparison.Ordinal);
        }

        return text;
    }
}
