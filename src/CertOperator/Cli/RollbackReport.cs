namespace CertOperator.Cli;

/// <summary>What <c>rollback --output json</c> prints.</summary>
/// <param name="Revision">That was asked for.</param>
/// <param name="Done">Whether the Secret carries it.</param>
/// <param name="Message">One sentence.</param>
internal sealed record RollbackReport(int Revision, bool Done, string Message);
