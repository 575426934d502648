using System.CommandLine;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Cli.Clusters;

/// <summary>The options of a command that asks a cluster, named as kubectl names them.</summary>
internal sealed class ClusterOptions
{
    public static readonly Option<string?> Kubeconfig = new("--kubeconfig") { Description = "Kubeconfig file; by default as kubectl looks for it, or the pod's service account.", HelpName = "file" };
    public static readonly Option<string?> Context = new("--context") { Description = "Context of the kubeconfig.", HelpName = "name" };

    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "Namespace; by default that of the context.", HelpName = "name" };
    private readonly Option<bool> _allNamespaces = new("--all-namespaces", "-A") { Description = "Every namespace." };
    private readonly Option<string> _output;
    private readonly Shell _shell;

    /// <param name="shell">Around the command.</param>
    /// <param name="formats">Values of <c>--output</c>, the default first.</param>
    public ClusterOptions(Shell shell, params string[] formats)
    {
        _shell = shell;
        _output = FormatOption.Create(formats);
    }

    /// <summary>Gives a command these options, and what it does with the cluster that they name; failures end it with a sentence.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">Returns the exit status.</param>
    /// <param name="allNamespaces">Whether the command can work in every namespace at once.</param>
    public void Apply(Command command, Func<ClusterCall, CancellationToken, Task<int>> action, bool allNamespaces = true)
    {
        AddTo(command, allNamespaces);
        Guarded.SetAction(command, (parsed, cancel) => CallAsync(parsed, action, cancel));
    }

    /// <summary>For commands that do not always need a cluster: see <see cref="CallAsync"/>.</summary>
    public void AddTo(Command command, bool allNamespaces)
    {
        command.Add(Kubeconfig);
        command.Add(Context);
        command.Add(_namespace);
        if (allNamespaces)
            command.Add(_allNamespaces);
        command.Add(_output);
    }

    public string Format(ParseResult parsed) => parsed.GetRequiredValue(_output);

    /// <summary>Works on the cluster that the options name.</summary>
    /// <exception cref="CommandException">The cluster refused, or was not reached.</exception>
    /// <exception cref="KubeConfigException">There are no usable settings.</exception>
    public async Task<T> CallAsync<T>(ParseResult parsed, Func<ClusterCall, CancellationToken, Task<T>> action, CancellationToken cancel)
    {
        KubeConfig config = KubeConfig.Find(parsed.GetValue(Kubeconfig), parsed.GetValue(Context));
        using var client = new KubeClient(config, Product.UserAgent, _shell.Time);
        var call = new ClusterCall
        {
            Parsed = parsed,
            Shell = _shell,
            Client = client,
            Namespace = parsed.GetValue(_namespace) is { Length: > 0 } named ? named : client.Namespace ?? "default",
            AllNamespaces = parsed.GetValue(_allNamespaces),
            Format = Format(parsed),
        };
        try
        {
            return await action(call, cancel);
        }
        catch (KubeException failure)
        {
            throw new CommandException(ClusterFailure.Sentence(failure, client.Server));
        }
    }
}
