using System.CommandLine;
using System.CommandLine.Parsing;
using CertOperator.Cli.Suggestions;

namespace CertOperator.Cli;

/// <summary>From the words of a command line to the exit status.</summary>
internal static class Invocation
{
    /// <param name="root">The program's commands.</param>
    /// <param name="words">After the program's name.</param>
    /// <param name="io">Where it writes.</param>
    /// <param name="shell">Around it.</param>
    /// <param name="path">As which the program was started.</param>
    /// <param name="cancel">Ends the command.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] words, InvocationConfiguration io, Shell shell, string? path = null, CancellationToken cancel = default)
    {
        if (words is [Suggester.Command, .. var typed])
        {
            foreach (string suggestion in await new Suggester(root, shell).SuggestAsync(typed, cancel))
                await io.Output.WriteLineAsync(suggestion);
            return ExitCodes.Ok;
        }

        // Whoever types the name alone wants to know what there is.
        ParseResult parsed = root.Parse(words is [] ? ["--help"] : words);
        IReadOnlyList<string> errors = parsed.Action is NamedHelp ? [] : UsageErrors.Of(parsed);
        if (errors.Count == 0)
            return await parsed.InvokeAsync(io, cancel);
        foreach (string error in errors)
            await io.Error.WriteLineAsync(Printable.Line(error));
        await io.Error.WriteLineAsync($"See {string.Join(' ', Names(parsed.CommandResult).Reverse().Prepend(NamedHelp.NameOf(path)))} --help.");
        return ExitCodes.Failed;
    }

    private static IEnumerable<string> Names(CommandResult command)
        => command.Parent is CommandResult parent ? [command.Command.Name, .. Names(parent)] : [];
}
