namespace CertOperator.Runtime.Controllers;

/// <summary>Trying again cannot help: only a change to the object, or to one that it depends on, can.</summary>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner);
