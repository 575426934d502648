using System.CommandLine;
using System.CommandLine.Parsing;
using CertOperator.Cli.Clusters;

namespace CertOperator.Cli;

/// <summary>What is wrong with a command line, a sentence each. Pure.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        // A misspelt option would pass for a name.
        string[] options = [.. Stray(parsed).Distinct(StringComparer.Ordinal).Select(word => $"There is no option {word}{Near(word, command.Options.Select(option => option.Name))}")];
        if (options.Length > 0)
            return options;
        string[] commands = [.. parsed.UnmatchedTokens.Take(1).Select(word => command.Subcommands.Count > 0
            ? $"There is no command {word}{Near(word, command.Subcommands.Where(known => !known.Hidden).Select(known => known.Name))}"
            : $"{word} is one word too many.")];
        return commands.Length > 0 ? commands : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>Words that look like options and are none.</summary>
    private static IEnumerable<string> Stray(ParseResult parsed)
    {
        // What follows -- is meant as it stands.
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return [];
        return parsed.CommandResult.Tokens.Select(token => token.Value).Concat(parsed.UnmatchedTokens).Where(word => word is ['-', _, ..]);
    }

    private static string Near(string word, IEnumerable<string> known) => NearMiss.Of(word, known) is { } near ? $": did you mean {near}?" : ".";
}
