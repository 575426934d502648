using System.CommandLine;
using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Runtime.Client;

namespace CertOperator.Cli.Suggestions;

/// <summary>
/// What may come next on a command line that is being typed: words of the program, and names of the cluster's objects. The scripts
/// of <c>cert-operator completion</c> ask for it.
/// </summary>
internal sealed class Suggester(RootCommand root, Shell shell)
{
    /// <summary>As which a shell asks; the words follow, the last one as far as it is typed, and empty if it is not begun.</summary>
    public const string Command = "__complete";

    private const string SecretPrefix = "secret/";

    /// <summary>Who waits for a suggestion types the name instead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyList<string>> SuggestAsync(string[] words, CancellationToken cancel)
    {
        string last = words is [.., var typed] ? typed : "";
        string line = string.Join(' ', words);
        ParseResult parsed = root.Parse(line);
        IEnumerable<string> known = parsed.GetCompletions(line.Length).Select(completion => completion.Label)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) == last.StartsWith('-') && word is not ['-', not '-', ..]);
        IEnumerable<string> found = last.StartsWith('-') ? [] : await ObjectsAsync(parsed, words, cancel);
        return [.. known.Concat(found.Except(words.SkipLast(1), StringComparer.Ordinal)).Where(word => word.StartsWith(last, StringComparison.Ordinal)).Select(Printable.Line).Distinct().Order(StringComparer.Ordinal)];
    }

    private async Task<IEnumerable<string>> ObjectsAsync(ParseResult parsed, string[] words, CancellationToken cancel)
    {
        string before = words is [.., var former, _] ? former : "";
        Command command = parsed.CommandResult.Command;
        if (command.Options.FirstOrDefault(option => option.Name == before || option.Aliases.Contains(before)) is { Arity.MinimumNumberOfValues: > 0 } option)
        {
            return option.Name switch
            {
                "--context" => Contexts(words[..^2]),
                "--namespace" => await AskAsync(words[..^2], async (call, token) => (await call.ListAsync<Certificate>(null, token)).Items.Select(item => item.Metadata.Namespace ?? ""), cancel),
                _ => [],
            };
        }

        return command.Name switch
        {
            "status" or "renew" or "rollback" => await AskAsync(words[..^1], async (call, token) => (await call.ListAsync<Certificate>(call.Namespace, token)).Items.Select(item => item.Metadata.Name ?? ""), cancel),
            "inspect" when words[^1].StartsWith(SecretPrefix, StringComparison.Ordinal) => await AskAsync(words[..^1], SecretsAsync, cancel),
            "inspect" when words[^1].Length > 0 => [SecretPrefix],
            _ => [],
        };
    }

    private IReadOnlyList<string> Contexts(string[] words)
    {
        try
        {
            return KubeConfig.Contexts(Options(words).Parsed.GetValue(ClusterOptions.Kubeconfig));
        }
        catch (KubeConfigException)
        {
            // As below.
            return [];
        }
    }

    private static async Task<IEnumerable<string>> SecretsAsync(ClusterCall call, CancellationToken cancel)
        => (await call.Client.ListAsync<Secret>(new ListOptions(call.Namespace, FieldSelector: $"type={Secret.TlsType}", Limit: 500), cancel)).Items.Select(item => SecretPrefix + item.Metadata.Name);

    /// <summary>Asks the cluster that the words name. A shell shows nothing of what goes wrong, so nothing is suggested then.</summary>
    private async Task<IEnumerable<string>> AskAsync(string[] words, Func<ClusterCall, CancellationToken, Task<IEnumerable<string>>> ask, CancellationToken cancel)
    {
        (ClusterOptions options, ParseResult parsed) = Options(words);
        using var limit = new CancellationTokenSource(Patience, shell.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await options.CallAsync(parsed, ask, either.Token);
        }
        catch (Exception failure) when (failure is CommandException or KubeConfigException or OperationCanceledException or IOException)
        {
            return [];
        }
    }

    /// <summary>Of the command as typed, which is not complete, only the options are read.</summary>
    private (ClusterOptions Options, ParseResult Parsed) Options(string[] words)
    {
        var options = new ClusterOptions(shell, FormatOption.Table);
        var any = new RootCommand { new Argument<string[]>("word") { Arity = ArgumentArity.ZeroOrMore } };
        options.AddTo(any, allNamespaces: true);
        return (options, any.Parse(words));
    }
}
