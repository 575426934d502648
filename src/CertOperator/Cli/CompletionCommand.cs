using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>cert-operator completion SHELL</c>: a script that asks the program itself what may come next.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "powershell", "kubectl"];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"{string.Join(", ", Shells[..^1])} or {Shells[^1]}." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Prints a script that completes the words of this program in a shell, or of kubectl cert.") { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(EmbeddedText.Read($"completion/{parsed.GetRequiredValue(shell)}")));
        return command;
    }
}
