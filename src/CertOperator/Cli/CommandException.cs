namespace CertOperator.Cli;

/// <summary>A command cannot do its work: one sentence with what to do, told on standard error with <see cref="ExitCodes.Failed"/>.</summary>
internal sealed class CommandException(string message) : Exception(message);
