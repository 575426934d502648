using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CertOperator.Cli;

/// <summary>Help that calls the program as it was called: kubectl starts <c>kubectl-cert</c> when somebody types <c>kubectl cert</c>.</summary>
internal sealed class NamedHelp(HelpAction inner, string shownName) : SynchronousCommandLineAction
{
    private const string Plugin = "kubectl-cert";
    private const string Program = "cert-operator";

    /// <summary>What people type to start a program of this path.</summary>
    public static string NameOf(string? path) => Path.GetFileNameWithoutExtension(path) == Plugin ? "kubectl cert" : Program;

    public static void Install(RootCommand root, string shownName)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        // Those of Windows are no use where paths begin with a slash.
        help.Aliases.Remove("/h");
        help.Aliases.Remove("/?");
        help.Action = new NamedHelp((HelpAction)help.Action!, shownName);
    }

    public override int Invoke(ParseResult parseResult)
    {
        InvocationConfiguration invocation = parseResult.InvocationConfiguration;
        TextWriter output = invocation.Output;
        using var text = new StringWriter { NewLine = output.NewLine };
        invocation.Output = text;
        int status = inner.Invoke(parseResult);
        invocation.Output = output;
        output.Write(text.ToString().Replace($"  {parseResult.RootCommandResult.Command.Name} ", $"  {shownName} ", StringComparison.Ordinal));
        return status;
    }
}
