using CertOperator.Acceptance.Pages;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>The commands of <c>docs/install.md</c>, by the heading that they stand below.</summary>
internal sealed class InstallPage(TestCluster cluster)
{
    private static readonly string[] OldHelm = ["--server-side=false"];

    private readonly List<(string Heading, string Command)> _left = [.. Read()];

    /// <summary>
    /// Whether the server is older than the rules in the CRDs, for which the page tells of options. Those that keep helm and kubectl
    /// from looking at objects before the server does are always there: both learn from kube-apiserver 1.20 what a definition may hold.
    /// </summary>
    private bool IsOld => cluster.Version is ClusterVersion.Oldest;

    /// <summary>Those that no test has run yet.</summary>
    public IEnumerable<string> Left => _left.Select(item => item.Command);

    /// <summary>Runs all commands below a heading as they stand there, from the root of the repository.</summary>
    public async Task RunAsync(string heading)
    {
        foreach (string command in Take(heading))
            (await RunCommandAsync(command)).OrThrow();
    }

    /// <summary>The commands below a heading, for a test that runs them one by one.</summary>
    public IReadOnlyList<string> Take(string heading)
    {
        string[] commands = [.. _left.Where(item => item.Heading == heading).Select(item => item.Command)];
        Assert.NotEmpty(commands);
        _left.RemoveAll(item => item.Heading == heading);
        return commands;
    }

    public Task<CommandResult> RunCommandAsync(string command)
    {
        string[] words = [.. command.Split(' ').Select(word => word.Trim('\''))];
        string[] arguments = [.. words.Skip(1).Select(word => Path.Exists(Path.Combine(Repository.Root, word)) ? Path.Combine(Repository.Root, word) : word)];
        return words[0] switch
        {
            "helm" when words[1] is "install" or "upgrade" => cluster.HelmAsync([.. arguments, "--disable-openapi-validation", .. IsOld ? OldHelm : []]),
            "helm" => cluster.HelmAsync(arguments),
            "kubectl" when arguments is ["apply", "--server-side", .. var rest] => cluster.KubectlAsync(["apply", "--validate=false", .. IsOld ? rest : arguments[1..]]),
            "kubectl" => cluster.KubectlAsync(arguments),
            _ => throw new ArgumentException($"docs/install.md has the command {command}, which this test cannot run."),
        };
    }

    private static IEnumerable<(string Heading, string Command)> Read() =>
        from fence in Fence.Of("docs/install.md")
        where fence.Language == "sh"
        from command in fence.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        select (fence.Heading, command);
}
