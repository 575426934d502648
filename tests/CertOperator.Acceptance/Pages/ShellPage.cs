using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Pages;

/// <summary>
/// The shell commands of a page for users, run block by block as they stand there: by bash, with kubectl and the published
/// cert-operator on the path, and the cluster's administrator in the kubeconfig.
/// </summary>
/// <param name="cluster">Where they run.</param>
/// <param name="page">Below <c>docs</c>.</param>
/// <param name="replaced">What cannot be as the page has it, such as an address of the internet, and what is there instead.</param>
internal sealed class ShellPage(TestCluster cluster, string page, IReadOnlyDictionary<string, string> replaced)
{
    /// <returns>What each block printed; a block of which a command fails fails the test.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        string bin = Directory.CreateDirectory(Path.Combine(cluster.Folder, $"bin-{page}")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "kubectl"), TestCache.Kubectl);
        File.CreateSymbolicLink(Path.Combine(bin, "cert-operator"), Repository.OperatorBinary);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}",
            ["KUBECONFIG"] = cluster.AdminKubeconfig,
        };

        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", page));
        foreach (var (what, by) in replaced)
        {
            Assert.Contains(what, text, StringComparison.Ordinal);
            text = text.Replace(what, by, StringComparison.Ordinal);
        }

        var printed = new List<string>();
        foreach (string block in Blocks(text))
        {
            CommandResult result = await Command.RunAsync("bash", ["-c", $"set -euo pipefail\n{block}"], environment: environment);
            Assert.True(result.ExitCode == 0, $"A command of {page} ends with {result.ExitCode}:\n{block}\n{result.Output}\n{result.Error}");
            printed.Add(result.Output);
        }

        return printed;
    }

    private static IEnumerable<string> Blocks(string text)
    {
        List<string>? block = null;
        foreach (string line in text.Split('\n'))
        {
            if (line == "```sh")
            {
                block = [];
            }
            else if (line == "```" && block is not null)
            {
                yield return string.Join('\n', block);
                block = null;
            }
            else
            {
                block?.Add(line);
            }
        }
    }
}
