using System.CommandLine;
using System.Text;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli;

/// <summary>Commands in this process, with writers and surroundings of the test.</summary>
internal static class CliRun
{
    /// <summary>A clock that stands still long after certificates were made.</summary>
    public static readonly DateTimeOffset Now = new(2030, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<CommandResult> RunAsync(IEnumerable<string> arguments, Shell? shell = null, string? path = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        shell ??= new Shell();
        var io = new InvocationConfiguration { Output = output, Error = error };
        int status = await Invocation.RunAsync(Composition.Create(shell, path), [.. arguments], io, shell, path, TestContext.Current.CancellationToken);
        return new CommandResult(status, output.ToString(), error.ToString());
    }

    public static Shell WithInput(string text, TimeProvider? time = null)
        => new() { OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(text)), Time = time ?? TimeProvider.System };
}
