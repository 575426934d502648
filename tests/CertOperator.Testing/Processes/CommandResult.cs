namespace CertOperator.Testing.Processes;

/// <summary>What a program that has ended left behind.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Returns the output, or throws with the program's own message when it failed.</summary>
    public string OrThrow() =>
        ExitCode == 0 ? Output : throw new InvalidOperationException($"Exit status {ExitCode}: {Error}{Output}");
}
