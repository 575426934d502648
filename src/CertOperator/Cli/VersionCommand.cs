using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>cert-operator version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Option<string> output = FormatOption.Create("text", FormatOption.Json, FormatOption.Yaml);
        var command = new Command("version", "Prints the version of this program.") { output };
        Guarded.SetAction(command, async (parsed, _) =>
        {
            VersionFacts facts = VersionFacts.OfProcess();
            if (parsed.GetRequiredValue(output) is var format && FormatOption.IsStructured(format))
                await CliJson.WriteAsync(parsed.InvocationConfiguration.Output, format, facts, CliJson.Default.VersionFacts);
            else
                await parsed.InvocationConfiguration.Output.WriteLineAsync(facts.ToString());
            return ExitCodes.Ok;
        });
        return command;
    }
}
